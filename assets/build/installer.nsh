!macro customUnInstall
  ; An update, too, runs the uninstaller of the version before.
  ${ifNot} ${isUpdated}
    DeleteRegKey HKCU "Software\Classes\clearml-session-tray"
    ; Starting at login, and whether the task manager has switched that off.
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "${APP_ID}"
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run" "${APP_ID}"
  ${endIf}
!macroend
