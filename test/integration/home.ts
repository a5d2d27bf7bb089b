import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const runFile = promisify(execFile);

/** A home folder that is root's for the programs that run in it, and for nobody else: ssh looks for `~` nowhere else. */
export class Home {
  readonly folder: string;
  readonly #top = mkdtempSync(join(tmpdir(), 'tray-home-'));

  constructor(name: string) {
    this.folder = join(this.#top, name);
    mkdirSync(this.folder);
    const others = readFileSync('/etc/passwd', 'utf8').replace(/^root:.*\n/m, '');
    writeFileSync(join(this.#top, 'passwd'), `root:x:0:0::${this.folder}:/bin/bash\n${others}`);
  }

  /** What the program prints; rejects where it fails. */
  async run(program: string, args: readonly string[]): Promise<string> {
    const mounted = `mount --bind '${this.#top}/passwd' /etc/passwd && exec "$@"`;
    const { stdout } = await runFile('unshare', ['-m', 'sh', '-c', mounted, 'sh', program, ...args], {
      env: { PATH: process.env.PATH, HOME: this.folder, LC_ALL: 'C.UTF-8' },
      timeout: 20_000,
    });
    return stdout;
  }

  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  dispose(): void {
    execFileSync('chmod', ['-R', 'u+rwX', this.#top]);
    rmSync(this.#top, { recursive: true });
  }
}
