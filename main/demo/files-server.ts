import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import { newId } from './api/model.ts';
import { isRecord, texts } from './api/read.ts';
import { isMeantForUs, type Listener, serveHttp, targetOf } from './listener.ts';

const CONTENT_TYPES: { readonly [extension: string]: string } = {
  '.gz': 'application/gzip',
  '.html': 'text/html',
  '.json': 'application/json',
  '.png': 'image/png',
  '.tar': 'application/x-tar',
  '.txt': 'text/plain',
  '.zip': 'application/zip',
};

/** ClearML's files server: artifacts under a folder of this computer. The caller removes the folder. */
export function serveFiles(root: string, port: number): Promise<Listener> {
  return serveHttp((request, response) => {
    answer(root, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  }, port);
}

/** Where a storage path lives below `root`; undefined for anything that would leave it. */
export function safePath(root: string, storagePath: string): string | undefined {
  if (storagePath.includes('\0')) return undefined;
  const parts = storagePath.split(/[\\/]+/).filter((part) => part !== '' && part !== '.');
  if (parts.length === 0 || parts.includes('..')) return undefined;
  const path = resolve(root, join(...parts));
  return path.startsWith(resolve(root) + sep) ? path : undefined;
}

async function answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isMeantForUs(request)) return sendText(response, 403, 'Forbidden');
  const { path, query } = targetOf(request.url);
  const storagePath = decoded(path);
  if (storagePath === undefined) return sendText(response, 400, 'Bad path');
  const isRoot = storagePath === '/';
  switch (request.method) {
    case 'POST':
      if (isRoot) return upload(root, request, response);
      if (storagePath === '/delete_many') return deleteMany(root, request, response);
      return sendText(response, 404, 'Not found');
    case 'GET':
    case 'HEAD':
      if (isRoot) return sendText(response, 200, 'OK');
      return download(safePath(root, storagePath), query.has('download'), request, response);
    case 'DELETE': {
      const deleted = await removeFile(safePath(root, storagePath));
      return sendJson(response, deleted ? 200 : 404, deleted ? storagePath.slice(1) : 'Not found');
    }
    default:
      return sendText(response, 405, 'Method not allowed');
  }
}

function decoded(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}

/** Each part's field name is the path to store it at. A file appears at its place only when it is whole. */
async function upload(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const contentType = request.headers['content-type'];
  if (!contentType?.startsWith('multipart/form-data'))
    return sendText(response, 400, 'multipart/form-data expected');
  const stored: string[] = [];
  const writes: Promise<void>[] = [];
  const broken = new AbortController();
  let refused = false;
  const parser = new Busboy({
    headers: { ...request.headers, 'content-type': contentType },
    limits: { fieldNameSize: 4096 },
  });
  parser.on('file', (field, stream) => {
    stream.on('error', () => broken.abort());
    const path = safePath(root, field);
    if (!path) {
      refused = true;
      stream.resume();
      return;
    }
    const write = storeWhole(path, stream, broken.signal).then(() => {
      stored.push(field.replace(/^\/+/, ''));
    });
    write.catch(() => broken.abort());
    writes.push(write);
  });
  try {
    await pipeline(request, parser, { signal: broken.signal });
    await Promise.all(writes);
  } catch {
    broken.abort();
    await Promise.allSettled(writes);
    return sendText(response, 400, 'Upload failed');
  }
  if (refused || stored.length === 0) return sendText(response, 400, refused ? 'Bad path' : 'No files found');
  sendJson(response, 200, stored);
}

async function storeWhole(path: string, stream: NodeJS.ReadableStream, signal: AbortSignal): Promise<void> {
  // Nothing is awaited before `pipeline`, so that it sees the stream from its first byte.
  mkdirSync(dirname(path), { recursive: true });
  const partial = join(dirname(path), `.${newId()}.part`);
  try {
    await pipeline(stream, createWriteStream(partial), { signal });
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}

async function download(
  path: string | undefined,
  asAttachment: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const info = path ? await stat(path).catch(() => undefined) : undefined;
  if (!path || !info?.isFile()) return sendText(response, 404, 'Not found');
  response.writeHead(200, {
    'Content-Type': CONTENT_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
    'Content-Length': info.size,
    'Last-Modified': info.mtime.toUTCString(),
    // Uploaded content is not ours: never a page of this origin.
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    ...(asAttachment
      ? { 'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(basename(path))}` }
      : {}),
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(createReadStream(path), response).catch(() => response.destroy());
}

async function removeFile(path: string | undefined): Promise<boolean> {
  const info = path ? await stat(path).catch(() => undefined) : undefined;
  if (!path || !info?.isFile()) return false;
  await rm(path);
  return true;
}

async function deleteMany(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  let files: string[] | undefined;
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    files = isRecord(body) ? texts(body, 'files') : undefined;
  } catch {
    files = undefined;
  }
  if (!files) return sendText(response, 400, 'A list of files is expected');
  const deleted: Record<string, string> = {};
  const errors: Record<string, string[]> = {};
  for (const file of files) {
    const storagePath = decoded(file) ?? file;
    if (await removeFile(safePath(root, storagePath))) deleted[file] = storagePath.replace(/^\/+/, '');
    else errors['Not found'] = [...(errors['Not found'] ?? []), file];
  }
  sendJson(response, 200, { deleted, errors });
}

function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

function sendJson(response: ServerResponse, code: number, value: unknown): void {
  const text = JSON.stringify(value);
  response.writeHead(code, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}
