import { useApp } from '../../app.ts';

export function About() {
  const { store } = useApp();
  const { version, host, logFile } = store.app.value;
  return (
    <dl class="facts-list">
      <dt>ClearML Session Tray</dt>
      <dd>
        {version} ({host})
      </dd>
      {logFile && (
        <>
          <dt>Log file</dt>
          <dd>{logFile}</dd>
        </>
      )}
    </dl>
  );
}
