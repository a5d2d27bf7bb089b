import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { AxiosInstance } from 'axios';
import { AppError } from '../../../preload/contract/errors.ts';
import { sizeText } from '../../../preload/contract/size.ts';
import type { ApiClient } from '../clearml/client.ts';
import { makeAxios, NetworkError, networkError } from '../clearml/http.ts';
import type { Clock } from '../ports.ts';

/** Nothing moved for this long: the connection is dead, and the upload begins again. */
const STALL_MS = 60_000;
/** Behind a proxy that stores the request first, a server begins to work when it has all of it. */
const ANSWER_MS = 300_000;
/** 1 s, 2 s, … between the attempts. */
const RETRY_MS = 1000;
const ATTEMPTS = 5;
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

export interface Upload {
  /** On the files server, from its root. */
  readonly path: string;
  readonly file: string;
  readonly size: number;
  readonly contentType: string;
  /** A new attempt begins at nothing. */
  readonly begun: () => void;
  readonly sent: (bytes: number) => void;
  readonly signal: AbortSignal;
  /** The launch option that errors are about. */
  readonly field?: string;
}

/** The files server of one ClearML server: whole files in and out, as streams. */
export class FilesServer {
  readonly #client: ApiClient;
  readonly #clock: Clock;
  readonly #axios: AxiosInstance;

  constructor(client: ApiClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
    this.#axios = makeAxios(client.config.verify);
  }

  get url(): string {
    return this.#client.config.files;
  }

  /** Puts a file there, and tries again where that may help; resolves with the sha256 of what was sent. */
  async upload(upload: Upload): Promise<string> {
    let isFresh = false;
    for (let attempt = 1; ; attempt++) {
      upload.begun();
      try {
        return await this.#uploadOnce(upload);
      } catch (error) {
        const passing = error instanceof NetworkError && error.passing;
        if (!passing || upload.signal.aborted) throw error;
        // The token was renewed. One that is refused when it is fresh will always be.
        const isRefused = error.code === 'unauthorized';
        if (isRefused && isFresh) throw error;
        isFresh ||= isRefused;
        if (attempt >= ATTEMPTS) throw triedOften(error, upload);
        await this.#wait(RETRY_MS * 2 ** (attempt - 1), upload.signal);
      }
    }
  }

  async #uploadOnce(upload: Upload): Promise<string> {
    const hash = createHash('sha256');
    const boundary = `----clearml-session-tray-${randomBytes(12).toString('hex')}`;
    const head = Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${upload.path}"; filename="${upload.path}"\r\n` +
        `Content-Type: ${upload.contentType}\r\n\r\n`,
    );
    const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
    const watch = this.#watch(upload.signal);
    async function* parts() {
      yield head;
      let sent = 0;
      if (upload.size > 0) {
        const file = createReadStream(upload.file, { end: upload.size - 1, highWaterMark: 256 * 1024 });
        for await (const chunk of file as AsyncIterable<Buffer>) {
          hash.update(chunk);
          sent += chunk.length;
          upload.sent(chunk.length);
          watch.moved(STALL_MS);
          yield chunk;
        }
      }
      if (sent < upload.size) throw changed(upload);
      watch.moved(ANSWER_MS);
      yield tail;
    }
    const body = Readable.from(parts(), { objectMode: false });
    let broken: Error | undefined;
    body.on('error', (error) => {
      broken = error;
      watch.stop();
    });
    try {
      const token = await this.#client.token({ signal: watch.signal });
      const reply = await this.#axios.request<unknown>({
        method: 'POST',
        url: `${this.url.replace(/\/+$/, '')}/`,
        headers: {
          Authorization: `Bearer ${token}`,
          'Content-Type': `multipart/form-data; boundary=${boundary}`,
          'Content-Length': head.length + upload.size + tail.length,
        },
        data: body,
        maxBodyLength: Number.POSITIVE_INFINITY,
        signal: watch.signal,
      });
      if (reply.status === 401) await this.#client.token({ refused: token, signal: watch.signal });
      if (reply.status !== 200) throw refusal(reply.status, reply.data, upload, this.url);
      return hash.digest('hex');
    } catch (error) {
      if (upload.signal.aborted) throw new AppError('cancelled', 'The upload was cancelled.');
      if (broken) throw readError(broken, upload);
      throw watch.late ? stalled(this.url) : networkError(error, this.url);
    } finally {
      watch.done();
      body.destroy();
    }
  }

  /**
   * Streams a file from there. `uri` may name another server, which is then asked without our token. Throws AppError
   * `not-found` where the file is gone.
   */
  async download(
    uri: string,
    signal: AbortSignal,
  ): Promise<{ readonly body: AsyncIterable<Buffer>; readonly size: number | undefined }> {
    if (!/^https?:/.test(uri)) {
      const storage = /^[a-z0-9]+(?=:)/.exec(uri)?.[0] ?? 'another storage';
      throw new AppError('unsupported', `This file lies in ${storage}, which this app cannot read.`, {
        hint: 'Download it with the ClearML SDK, or from the ClearML web UI.',
      });
    }
    const own = uri.startsWith(`${this.url.replace(/\/+$/, '')}/`);
    const headers = {
      'Accept-Encoding': 'identity',
      ...(own ? { Authorization: `Bearer ${await this.#client.token({ signal })}` } : {}),
    };
    const watch = this.#watch(signal);
    const failure = (error: unknown): AppError => {
      watch.done();
      if (signal.aborted) return new AppError('cancelled', 'The download was cancelled.');
      return watch.late ? stalled(uri) : networkError(error, uri);
    };
    const reply = await this.#axios
      .request<Readable>({
        method: 'GET',
        url: uri,
        headers,
        responseType: 'stream',
        // Some files servers say of a .tar.gz that gzip is how they send it.
        decompress: false,
        maxContentLength: Number.POSITIVE_INFINITY,
        signal: watch.signal,
      })
      .catch((error: unknown) => {
        throw failure(error);
      });
    if (reply.status !== 200) {
      reply.data.destroy();
      watch.done();
      if (reply.status === 404) throw new AppError('not-found', 'The file is no longer on the files server.');
      throw new AppError('server', `The files server did not give the file (${reply.status}).`);
    }
    async function* body(): AsyncGenerator<Buffer> {
      try {
        for await (const chunk of reply.data as AsyncIterable<Buffer>) {
          watch.moved(STALL_MS);
          yield chunk;
        }
      } catch (error) {
        throw failure(error);
      } finally {
        watch.done();
      }
    }
    const length = Number(reply.headers['content-length']);
    return { body: body(), size: Number.isFinite(length) ? length : undefined };
  }

  /** Removes a file; one that is not there is fine. */
  async remove(path: string): Promise<void> {
    const token = await this.#client.token();
    const url = `${this.url.replace(/\/+$/, '')}${path.split('/').map(encodeURIComponent).join('/')}`;
    const { status } = await this.#axios
      .request({ method: 'DELETE', url, headers: { Authorization: `Bearer ${token}` }, timeout: 15_000 })
      .catch((error: unknown) => {
        throw networkError(error, url);
      });
    if (status !== 200 && status !== 404) {
      throw new AppError('server', `The files server did not delete ${basename(path)} (${status}).`);
    }
  }

  /** Ends the exchange when nothing moves any more, or when the person cancels. */
  #watch(signal: AbortSignal) {
    const stop = new AbortController();
    const cancel = (): void => stop.abort();
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    const watch = {
      late: false,
      signal: stop.signal,
      stop: cancel,
      moved: (patience: number): void => {
        cancelTimer();
        cancelTimer = this.#clock.after(patience, () => {
          watch.late = true;
          cancel();
        });
      },
      done: (): void => {
        cancelTimer();
        signal.removeEventListener('abort', cancel);
      },
    };
    let cancelTimer = (): void => {};
    watch.moved(STALL_MS);
    return watch;
  }

  #wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.#clock.after(ms, () => {
        signal.removeEventListener('abort', cancel);
        resolve();
      });
      const cancel = (): void => {
        stop();
        reject(new AppError('cancelled', 'The upload was cancelled.'));
      };
      signal.addEventListener('abort', cancel, { once: true });
    });
  }
}

const withField = ({ field }: Upload) => (field === undefined ? {} : { field });

/** Some servers hang up on what is too large for them instead of saying so. */
function triedOften({ code, message, hint }: NetworkError, upload: Upload): AppError {
  return new AppError(code, `${basename(upload.path)} was not uploaded: ${message}`, {
    hint: `${hint ?? ''} Or the server takes no files of ${sizeText(upload.size)}.`.trim(),
    ...withField(upload),
  });
}

const changed = (upload: Upload): AppError =>
  new AppError('invalid', `${upload.file} became shorter while it was uploaded.`, {
    hint: 'Try again when nothing writes to it.',
    ...withField(upload),
  });

function readError(cause: Error, upload: Upload): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError('invalid', `${upload.file} can no longer be read.`, { ...withField(upload), cause });
}

const stalled = (url: string): NetworkError =>
  new NetworkError('timeout', `Nothing moves any more to or from ${new URL(url).host}.`, {
    hint: 'Check the network and the VPN.',
    passing: true,
  });

function refusal(status: number, body: unknown, upload: Upload, url: string): AppError {
  const text = typeof body === 'string' ? body : '';
  const name = basename(upload.path);
  if (status === 413) return tooLarge(text, upload);
  if (status === 401) {
    return new NetworkError('unauthorized', 'The files server refuses your credentials.', {
      hint: 'It may belong to another ClearML server: look at files_server in clearml.conf.',
      passing: true,
    });
  }
  if (PASSING.has(status)) {
    return new NetworkError('server', `The files server did not take ${name} (${status}).`, {
      hint: /disk|space/i.test(text) ? 'It may be out of disk space.' : 'Its log has the reason.',
      passing: status !== 500,
    });
  }
  if (status === 403) {
    return new AppError(
      'forbidden',
      'The files server does not allow you to upload files.',
      withField(upload),
    );
  }
  if (status === 507) {
    return new AppError('server', `The files server has no room for ${name} (${sizeText(upload.size)}).`, {
      hint: 'Ask its administrator.',
    });
  }
  return new AppError('server', `${url} does not take files as the ClearML files server does (${status}).`, {
    hint: 'Look at files_server in clearml.conf.',
  });
}

function tooLarge(text: string, upload: Upload): AppError {
  const limit = limitIn(text);
  const name = basename(upload.path);
  const size = sizeText(upload.size);
  const message =
    limit === undefined
      ? `The files server refuses ${name} as too large: ${size}.`
      : `The files server takes files of up to ${limit}, and ${name} is ${size}.`;
  return new AppError('invalid', message, {
    hint: 'Send less, or ask its administrator to raise the limit (client_max_body_size where it is nginx).',
    ...withField(upload),
  });
}

/** "…limit is 104857600 bytes", "max size: 100 MB": what some servers say of their limit. */
function limitIn(text: string): string | undefined {
  const found = /(?:limit|max(?:imum)?)\D{0,60}?(\d[\d.,]*)\s*([kmgt]i?b?|bytes?)?\b/i.exec(
    text.replace(/<[^>]*>/g, ' '),
  );
  if (!found?.[1]) return undefined;
  const unit = found[2] ?? 'bytes';
  return /^b/i.test(unit) ? sizeText(Number(found[1].replaceAll(',', ''))) : `${found[1]} ${unit}`;
}
