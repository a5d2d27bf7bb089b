import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../preload/contract/errors.ts';
import {
  IMPORT_AT_MOST,
  type NewPreset,
  type PresetsRead,
  type Skipped,
} from '../../preload/contract/presets.ts';
import { withTilde } from './clearml/with-tilde.ts';
import { readPresets } from './preset-file.ts';

/** Presets that belong to a project, beside its code. */
export const PROJECT_FILE = '.clearml-session.json';
/** Where clearml-session remembers its options. */
export const CLI_FILE = '.clearml_session.json';

/**
 * The folders whose file counts, the nearest first: up to the one that holds `.git`; outside of a repository, only
 * `folder` itself.
 */
export function projectFolders(
  folder: string,
  isRoot: (folder: string) => boolean = (one) => existsSync(join(one, '.git')),
): readonly string[] {
  const folders = [folder];
  for (let at = folder; !isRoot(at); ) {
    const above = dirname(at);
    if (above === at) return [folder];
    folders.push(above);
    at = above;
  }
  return folders;
}

/**
 * The folder that the person stands in: npm runs scripts in the folder of their package and says where it was called.
 * `own`: the folder of the app, which is nobody's project.
 */
export function startFolder(env: NodeJS.ProcessEnv, cwd: string, own: string): string | undefined {
  const folder = env.INIT_CWD || cwd;
  return folder === own ? undefined : folder;
}

interface Parts {
  readonly home: string;
  readonly projectDir: string | undefined;
}

/** The files of this computer that presets are offered from. Each is read anew whenever it is asked for. */
export class PresetFiles {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Throws AppError `invalid` where there is a file that cannot be read. */
  async ofProject(): Promise<PresetsRead & { readonly file?: string }> {
    const { projectDir } = this.#parts;
    const folders = projectDir === undefined ? [] : projectFolders(projectDir);
    for (const folder of folders) {
      const { text, file } = await this.#read(join(folder, PROJECT_FILE));
      if (text !== undefined) return { file, ...readPresets(text, { file, unnamed: basename(folder) }) };
    }
    return { presets: [], skipped: [] };
  }

  /** Throws AppError `not-found` where clearml-session was never used here. */
  async ofCli(): Promise<{
    readonly file: string;
    readonly preset: NewPreset;
    readonly skipped: readonly Skipped[];
  }> {
    const { text, file } = await this.#read(join(this.#parts.home, CLI_FILE));
    if (text === undefined) {
      throw new AppError('not-found', `There is no ${file}.`, {
        hint: 'clearml-session writes it when it launches a session.',
      });
    }
    const { presets, skipped } = readPresets(text, { file, unnamed: 'clearml-session' });
    const [preset] = presets;
    if (!preset) throw new AppError('invalid', `${file} holds no launch option.`);
    return { file, preset, skipped };
  }

  /** `file`: as a person reads it. Without a text there is no such file. */
  async #read(path: string): Promise<{ readonly text?: string; readonly file: string }> {
    const file = withTilde(path, this.#parts.home);
    try {
      const { size } = await stat(path);
      if (size > IMPORT_AT_MOST) throw new AppError('invalid', `${file} is too large for presets.`);
      return { text: await readFile(path, 'utf8'), file };
    } catch (error) {
      if (error instanceof AppError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return { file };
      throw new AppError('invalid', `${file} cannot be read.`, {
        hint: code === 'EISDIR' ? 'It is a folder.' : 'Check its permissions.',
        cause: error,
      });
    }
  }
}
