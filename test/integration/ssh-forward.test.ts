import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { bench, remote, running } from './kept.ts';
import { reasonAgainst, type SshServer, startDropbear, startJupyter, startSshd } from './servers.ts';
import {
  A,
  askLocal,
  B,
  dialLocal,
  echoServer,
  remoteServer,
  type TunnelBench,
  targetOf,
} from './tunnel-bench.ts';

/** Connects and waits; resolves with the local port behind which `port` is. */
async function tunnel(b: TunnelBench, server: SshServer, port: number): Promise<number> {
  const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: port }), {});
  await b.until('up');
  return jupyter ?? 0;
}

const digestOf = async (stream: Duplex): Promise<string> => {
  const hash = createHash('sha256');
  stream.on('data', (chunk) => hash.update(chunk));
  await once(stream, 'end');
  return hash.digest('hex');
};
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

describe.each([
  ['sshd', startSshd, 32 << 20],
  // Its window is small, so it is slower.
  ['dropbear', startDropbear, 8 << 20],
] as const)('a tunnel through %s', (name, start, size) => {
  describe.skipIf(reasonAgainst(name))('', () => {
    it('carries every byte both ways at once', async () => {
      const [up, down] = [randomBytes(size), randomBytes(size)];
      const digests: Promise<string>[] = [];
      const far = await remote(
        remoteServer((socket) => {
          digests.push(digestOf(socket));
          socket.end(down);
        }),
      );
      const port = await tunnel(bench(), await running(start()), far.port);
      const sockets = await Promise.all([dialLocal(port), dialLocal(port)]);
      for (const socket of sockets) {
        digests.push(digestOf(socket));
        socket.end(up);
      }
      const read = await Promise.all(sockets.map((socket) => once(socket, 'close'))).then(() =>
        Promise.all(digests),
      );
      expect(read.sort()).toEqual([sha256(up), sha256(up), sha256(down), sha256(down)].sort());
    });

    it('leaves one direction open when the other has ended', async () => {
      // Answers only once the question has ended, as `nc -N` and some databases do.
      const far = await remote(
        remoteServer((socket) => {
          let question = '';
          socket
            .on('data', (chunk) => (question += chunk))
            .on('end', () => socket.end(question.toUpperCase()));
        }),
      );
      const port = await tunnel(bench(), await running(start()), far.port);
      expect(await askLocal(port, 'question')).toBe('QUESTION');
    });

    it('ends a connection when the far side does', async () => {
      const far = await remote(remoteServer((socket) => socket.destroy()));
      const port = await tunnel(bench(), await running(start()), far.port);
      expect(await askLocal(port, '')).toBe('');
    });

    it('closes a connection to a port that refuses, and stays up', async () => {
      const gone = await remote(echoServer());
      const server = await running(start());
      const b = bench();
      const port = await tunnel(b, server, gone.port);
      await gone.close();
      const socket = await dialLocal(port);
      await Promise.all([once(socket, 'close').catch(() => {}), b.logged('did not take it')]);
      expect(b.links().at(-1)?.at).toBe('up');
      const { vscode } = await b.pool.update(
        A,
        targetOf(server, { jupyter: gone.port, vscode: server.port }),
      );
      expect(await askLocal(vscode, '\r\n')).toMatch(/^SSH-2\.0/);
    });

    it('takes many connections at once, on both loopback addresses', async () => {
      const echo = await remote(echoServer());
      const port = await tunnel(bench(), await running(start()), echo.port);
      const texts = Array.from({ length: 60 }, (_, n) => `hello ${n}`);
      const answers = await Promise.all(
        texts.map((text, n) => askLocal(port, text, n % 2 ? '127.0.0.1' : '::1')),
      );
      expect(answers).toEqual(texts);
    });
  });
});

describe.skipIf(reasonAgainst('sshd'))('a tunnel through sshd', () => {
  it('survives that the server renews its keys', async () => {
    const data = randomBytes(24 << 20);
    const far = await remote(remoteServer((socket) => socket.end(data)));
    const b = bench();
    const port = await tunnel(b, await running(startSshd({ extraConf: 'RekeyLimit 1M' })), far.port);
    const socket = await dialLocal(port);
    expect(await digestOf(socket)).toBe(sha256(data));
    socket.end();
    expect(b.links().map(({ at }) => at)).toEqual(['connecting', 'up']);
  });

  it('works where neither commands nor terminals are allowed', async () => {
    const echo = await remote(echoServer());
    const b = bench();
    const port = await tunnel(b, await running(startSshd({ extraConf: 'MaxSessions 0' })), echo.port);
    await b.logged('could not be authorized');
    expect(await askLocal(port, 'hello')).toBe('hello');
    expect(b.links().at(-1)?.at).toBe('up');
  });

  it('runs beside another one, each on ports of its own', async () => {
    const [echo, loud] = [
      await remote(echoServer()),
      await remote(remoteServer((socket) => socket.on('data', (d) => socket.end(String(d).toUpperCase())))),
    ];
    const [first, second] = [await running(startSshd()), await running(startSshd())];
    const b = bench();
    const [a, z] = await Promise.all([
      b.pool.open(A, targetOf(first, { jupyter: echo.port }), {}),
      b.pool.open(B, targetOf(second, { jupyter: loud.port }), {}),
    ]);
    await Promise.all([b.until('up', A), b.until('up', B)]);
    expect(new Set([...Object.values(a), ...Object.values(z)]).size).toBe(4);
    expect(await Promise.all([askLocal(a.jupyter, 'x'), askLocal(z.jupyter, 'x')])).toEqual(['x', 'X']);
    await b.pool.close(A);
    expect(await askLocal(z.jupyter, 'still here')).toBe('STILL HERE');
  });
});

describe.skipIf(reasonAgainst('sshd') ?? reasonAgainst('jupyter'))('JupyterLab through a tunnel', () => {
  it('runs a notebook’s kernel over its WebSocket', async () => {
    const jupyter = await running(startJupyter());
    const port = await tunnel(bench(), await running(startSshd()), jupyter.port);
    const headers = { Authorization: `token ${jupyter.token}` };
    const reply = await fetch(`http://127.0.0.1:${port}/api/kernels`, { method: 'POST', headers });
    const { id } = (await reply.json()) as { id: string };
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/kernels/${id}/channels?session_id=t`, {
      headers,
    });
    await once(socket, 'open');
    const printed = new Promise<string>((resolve) => {
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as { msg_type: string; content: { text?: string } };
        if (message.msg_type === 'stream') resolve(message.content.text ?? '');
      });
    });
    const content = {
      code: 'print(6 * 7)',
      silent: false,
      store_history: false,
      user_expressions: {},
      allow_stdin: false,
    };
    const header = { msg_id: '1', msg_type: 'execute_request', username: 't', session: 't', version: '5.3' };
    socket.send(JSON.stringify({ header, parent_header: {}, metadata: {}, content, channel: 'shell' }));
    expect(await printed).toBe('42\n');
    socket.close();
    await once(socket, 'close');
  });
});
