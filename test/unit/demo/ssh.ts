import ssh2, { type ClientChannel, type ConnectConfig, type Client as SshClient } from 'ssh2';
import { LOOKS } from '../../runner/looks.mjs';

const { Client } = ssh2;

/** Resolves when logged in; rejects with what ssh2 says. */
export function connectSsh(config: ConnectConfig): Promise<SshClient> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    client.once('ready', () => {
      client.off('error', reject);
      client.on('error', () => {});
      resolve(client);
    });
    client.once('error', reject);
    client.connect({ host: '127.0.0.1', readyTimeout: LOOKS.timeout, ...config });
  });
}

export interface Ran {
  readonly code: number | null;
  readonly signal: string | undefined;
  readonly out: string;
  readonly err: string;
}

function collect(channel: ClientChannel): Promise<Ran> {
  return new Promise((resolve) => {
    let out = '';
    let err = '';
    let code: number | null = null;
    let signal: string | undefined;
    channel.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
    });
    channel.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString('utf8');
    });
    channel.on('exit', (exitCode: number | null, exitSignal?: string) => {
      code = exitCode;
      signal = exitSignal;
    });
    channel.on('close', () => resolve({ code, signal, out, err }));
  });
}

export function run(
  client: SshClient,
  command: string,
  options: { pty?: { rows: number; cols: number }; input?: string } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    client.exec(command, options.pty ? { pty: options.pty } : {}, (error, channel) => {
      if (error) return reject(error);
      resolve(collect(channel));
      if (options.input !== undefined) channel.end(options.input);
    });
  });
}

export function shell(
  client: SshClient,
  window: { rows: number; cols: number } | false,
): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.shell(window, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}

export function forward(client: SshClient, host: string, port: number): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 1, host, port, (error, channel) =>
      error ? reject(error) : resolve(channel),
    );
  });
}

/** A GET through the tunnel; resolves with status, headers and body as one text. */
export async function get(client: SshClient, port: number, path: string, cookie = ''): Promise<string> {
  const channel = await forward(client, 'localhost', port);
  const text = collect(channel).then((ran) => ran.out);
  const cookieLine = cookie ? `Cookie: ${cookie}\r\n` : '';
  channel.end(`GET ${path} HTTP/1.1\r\nHost: localhost:8878\r\nConnection: close\r\n${cookieLine}\r\n`);
  return text;
}

/** Resolves with all that came once `text` is part of it. */
export function waitFor(channel: ClientChannel, text: string | RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const onData = (chunk: Buffer) => {
      seen += chunk.toString('utf8');
      if (seen.search(text) < 0) return;
      channel.off('data', onData);
      resolve(seen);
    };
    channel.on('data', onData);
    channel.once('close', () => reject(new Error(`closed before "${text}" came; seen: ${seen}`)));
  });
}
