import { compact } from '../clearml/compact.ts';
import { list, record, text, time } from '../clearml/task.ts';

/** A file that belongs to a task, as ClearML keeps it. */
export interface Artifact {
  readonly key: string;
  /** `input`: kept by clone and reset, and not deleted together with the task. */
  readonly mode: string;
  readonly type: string;
  readonly uri: string;
  readonly size: number;
  /** sha256 in hex; empty where it is not known. */
  readonly hash: string;
  /** Epoch ms. */
  readonly at?: number;
  readonly preview: string;
  /** The task that made it, where it says so. */
  readonly createdBy?: string;
  /** As the server has it. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Where a session's file lies on the files server, and the fields of the artifact that stands for it. */
export interface NewArtifact {
  readonly key: string;
  readonly mode: 'input' | 'output';
  readonly type: 'archive' | 'custom';
  readonly uri: string;
  readonly size: number;
  readonly hash: string;
  readonly at: number;
  readonly contentType: string;
  readonly preview: string;
  readonly display?: readonly (readonly [string, string])[];
}

export function artifactDocument(artifact: NewArtifact): Readonly<Record<string, unknown>> {
  return compact({
    key: artifact.key,
    mode: artifact.mode,
    type: artifact.type,
    uri: artifact.uri,
    content_size: artifact.size,
    hash: artifact.hash,
    timestamp: Math.floor(artifact.at / 1000),
    type_data: {
      preview: artifact.preview,
      content_type: artifact.contentType,
      data_hash: artifact.hash,
    },
    display_data: artifact.display,
  });
}

export function readArtifacts(task: unknown): readonly Artifact[] {
  return list(record(record(task).execution).artifacts)
    .map(record)
    .map((raw) => {
      const { preview } = record(raw.type_data);
      const shown = list(raw.display_data).map(list);
      const said = (name: string) => text(shown.find(([key]) => key === name)?.[1]);
      // Finer than the seconds of the artifact itself.
      const at = time(said('timestamp').replace(' ', 'T')) ?? (Number(text(raw.timestamp)) || 0) * 1000;
      return compact({
        key: text(raw.key),
        mode: text(raw.mode) || 'output',
        type: text(raw.type),
        uri: text(raw.uri),
        size: Number(text(raw.content_size)) || 0,
        hash: text(raw.hash),
        at: at || undefined,
        preview: text(preview),
        createdBy: said('created_by_session') || undefined,
        raw,
      });
    })
    .filter(({ key, uri }) => key !== '' && uri !== '');
}

/** The task whose folder on the files server a file is put into. */
export interface TaskFolder {
  readonly id: string;
  readonly name: string;
  readonly project: string;
}

/** As the SDK lays files out: `/project/name.id/artifacts/key/file`. Only characters that any storage takes. */
export function storagePath({ id, name, project }: TaskFolder, key: string, file: string): string {
  const folders = [project.slice(0, 256), `${name.slice(0, 128)}.${id}`, 'artifacts', key, file];
  return folders
    .filter(Boolean)
    .map((part) => `/${part.split('/').map(plain).join('/')}`)
    .join('');
}

/** Whatever the SDK would escape is escaped in the stored name itself; `.` and `..` would lead elsewhere. */
const plain = (part: string): string =>
  /^\.{1,2}$/.test(part)
    ? part.replaceAll('.', '_')
    : encodeURIComponent(wellFormed(part)).replace(/%(5B|5D|7B|7D|24|5E|2C|3B|20|2B|3D)/g, (code) =>
        decodeURIComponent(code),
      );

/** A name cut in the middle of a character cannot be escaped. */
const wellFormed = (name: string): string => Buffer.from(name).toString();

export const uriOf = (filesHost: string, path: string): string =>
  `${filesHost.replace(/\/+$/, '')}${path.split('/').map(encodeURIComponent).join('/')}`;

/** At most as many lines of a preview as a page shows and a server keeps. */
const PREVIEW_LINES = 2000;

/** "name - 1,234 B" a line, in the form of the payload's own list. */
export function previewOf(title: string, files: readonly { readonly name: string; readonly size: number }[]) {
  const lines = files
    .slice(0, PREVIEW_LINES)
    .map(({ name, size }) => `${name.replaceAll('\n', ' ')} - ${size.toLocaleString('en-US')} B`);
  const more = files.length > PREVIEW_LINES ? [`… and ${files.length - PREVIEW_LINES} more files`] : [];
  return [`Archive content ${title}:`, ...lines, ...more, ''].join('\n');
}
