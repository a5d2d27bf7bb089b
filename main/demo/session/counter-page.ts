/** Text that stands between tags. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

export const PAGE_STYLE = `
  :root { color-scheme: light dark; --ink: #1d2330; --soft: #5b6475; --paper: #f6f7fa; --card: #fff; --line: #dfe3ea;
    --good: #12805c; --bad: #b3261e; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e8ebf2; --soft: #a3acbd; --paper: #14171e; --card: #1d212b; --line: #333a48; --good: #5bd6a6;
      --bad: #ff8a80; }
  }
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100vh; background: var(--paper); color: var(--ink);
    font: 16px/1.5 system-ui, sans-serif; }
  main { max-width: 44rem; margin: 0 auto; padding: 3rem 1.25rem; }
  h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
  p { margin: .5rem 0; color: var(--soft); }
  code, pre { font-family: ui-monospace, monospace; }
  pre { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem; overflow: auto;
    color: var(--ink); }
  .card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.5rem; margin: 1.5rem 0; }
  .count { font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; margin: 0; color: var(--ink); }
  .state { margin: .25rem 0 0; }
  .state::before { content: '●'; margin-right: .5em; }
  .up::before, .up { color: var(--good); }
  .down::before, .down { color: var(--bad); }
`;

/**
 * A page that stands in for a tool which is not installed: it says so, and counts numbered messages of a WebSocket,
 * so that one sees whether the connection survives.
 */
export function counterPage(tool: string, program: string, session: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(tool)} (demo) - ${escapeHtml(session)}</title>
<style>${PAGE_STYLE}</style>
<main>
  <h1>${escapeHtml(tool)} would be here</h1>
  <p>This is the demo session <strong>${escapeHtml(session)}</strong>. It runs on your own computer, where
    <code>${escapeHtml(program)}</code> was not found or did not start, so this page takes its place.</p>
  <div class="card">
    <p class="count" id="count">0 messages, none missing</p>
    <p class="state" id="state" role="status">Connecting</p>
  </div>
  <p>The server sends a numbered message five times a second through the SSH tunnel. Break the connection and watch:
    the numbers show what was lost and when it came back.</p>
</main>
<script>
  const count = document.getElementById('count');
  const state = document.getElementById('state');
  let received = 0, missing = 0, last = 0, breaks = 0;
  function show(text, up) {
    state.textContent = text;
    state.className = 'state ' + (up ? 'up' : 'down');
  }
  function draw() {
    count.textContent = received + (received === 1 ? ' message, ' : ' messages, ') +
      (missing === 0 ? 'none missing' : missing + ' missing');
  }
  function connect() {
    const socket = new WebSocket(location.href.replace(/^http/, 'ws').replace(/[?#].*$/, '').replace(/[^/]*$/, 'counter'));
    socket.onopen = () => show(breaks === 0 ? 'Connected' : 'Connected again after ' + breaks + (breaks === 1 ? ' break' : ' breaks'), true);
    socket.onmessage = (event) => {
      const number = Number(event.data);
      if (last > 0 && number > last + 1) missing += number - last - 1;
      last = number;
      received++;
      draw();
    };
    socket.onclose = () => {
      breaks++;
      show('Connection lost, trying again', false);
      setTimeout(connect, 1000);
    };
  }
  connect();
</script>
</html>
`;
}
