!macro customUnInstall
  DeleteRegKey HKCU "Software\Classes\clearml-session-tray"
!macroend
