import type { ServerResponse } from 'node:http';
import type { Model, Task } from './api/model.ts';
import { isMeantForUs, type Listener, serveHttp, targetOf } from './listener.ts';
import { escapeHtml, PAGE_STYLE } from './session/counter-page.ts';

/** What ClearML's web UI is for the app: the log page of a task, and where credentials are explained. */
export function serveWeb(model: Model, conf: () => string, port: number): Promise<Listener> {
  return serveHttp((request, response) => {
    if (!isMeantForUs(request)) return send(response, 403, 'Forbidden', '<h1>Forbidden</h1>');
    const { path } = targetOf(request.url);
    const id = /^\/projects\/[^/]+\/experiments\/([0-9a-f]{32})(?:\/|$)/.exec(path)?.[1];
    const task = id ? model.tasks.get(id) : undefined;
    if (task) return send(response, 200, `Log of ${task.name}`, logPage(model, task));
    if (path === '/' || path.startsWith('/settings')) {
      return send(response, 200, 'The demo server', welcomePage(conf()));
    }
    send(response, 404, 'Not found', '<h1>Not found</h1><p>The demo has no such page.</p>');
  }, port);
}

function logPage(model: Model, task: Task): string {
  const text = (model.logs.get(task.id)?.events ?? []).map((event) => event.msg).join('');
  const user = model.users.get(task.user)?.name ?? task.user;
  return `<h1>${escapeHtml(task.name)}</h1>
<p>Task ${escapeHtml(task.id)} of ${escapeHtml(user)}: <strong>${escapeHtml(task.status)}</strong>
${escapeHtml(task.status_message)}</p>
<h2>Console</h2>
<pre>${escapeHtml(text) || 'Nothing was printed yet.'}</pre>`;
}

/** The secret is not shown: any program of this computer can read this page. */
function welcomePage(conf: string): string {
  return `<h1>The demo server</h1>
<p>It speaks ClearML's API on this computer only. The line with the secret is missing here; the complete
<code>clearml.conf</code> was printed where the server was started.</p>
<pre>${escapeHtml(conf.replace(/^.*secret_key.*\n/m, ''))}</pre>`;
}

function send(response: ServerResponse, code: number, title: string, body: string): void {
  const text = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${PAGE_STYLE}</style>
<main>
${body}
</main>
</html>
`;
  response.writeHead(code, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(text);
}
