import { describe, expect, it } from 'vitest';
import { readArtifacts } from '../../../../main/core/files/artifact.ts';
import {
  artifactsAfterSave,
  artifactsAfterSwap,
  snapshotsOf,
} from '../../../../main/core/files/snapshots.ts';

const ME = 'me';

interface Made {
  readonly key?: string;
  readonly mode?: string;
  readonly uri: string;
  readonly at: number;
  readonly by?: string;
  readonly preview?: string;
}

const artifact = ({ key = 'workspace', mode = 'input', uri, at, by, preview = '' }: Made) => ({
  key,
  mode,
  type: 'custom',
  uri,
  hash: `hash of ${uri}`,
  content_size: 1000,
  timestamp: at,
  type_data: { preview },
  display_data: [
    ['timestamp', new Date(at * 1000).toISOString().replace('T', ' ').replace('Z', '+00:00')],
    ...(by ? [['created_by_session', by]] : []),
  ],
});

const task = (id: string, artifacts: readonly object[], more: object = {}) => ({
  id,
  name: `session ${id}`,
  status: 'stopped',
  user: { id: ME, name: 'Grace' },
  created: '2026-11-21T10:00:00+00:00',
  hyperparams: { interactive_session: { store_workspace: { value: '~/work' } } },
  execution: { artifacts },
  ...more,
});

describe('the timeline', () => {
  it('tells one that a session started with once, of the session that saved it', () => {
    const first = artifact({ uri: 'http://f/1', at: 100, by: 'a' });
    const documents = [
      task('b', [first], { parent: { id: 'a' }, created: '2026-11-21T11:00:00+00:00' }),
      task('a', [first]),
    ];
    expect(snapshotsOf(documents, ME).map(({ view }) => [view.session, view.restoreFrom])).toEqual([
      ['a', 'a'],
    ]);
  });

  it('goes on to tell it when that session is deleted', () => {
    const documents = [task('b', [artifact({ uri: 'http://f/1', at: 100, by: 'a' })])];
    expect(snapshotsOf(documents, ME).map(({ view }) => [view.session, view.restoreFrom])).toEqual([
      ['b', 'b'],
    ]);
  });

  it('is ordered by time, and each follows the one before it', () => {
    const first = artifact({ uri: 'http://f/1', at: 100, by: 'a' });
    const documents = [
      task('a', [first]),
      task(
        'b',
        [
          { ...first, key: 'old_workspace' },
          artifact({ key: 'old_workspace_200', mode: 'output', uri: 'http://f/2', at: 200, by: 'b' }),
          artifact({ uri: 'http://f/3', at: 300, by: 'b' }),
        ],
        { parent: { id: 'a' } },
      ),
    ];
    const views = snapshotsOf(documents, ME).map(({ view }) => view);
    expect(views.map(({ session, current, restoreFrom }) => [session, current, restoreFrom])).toEqual([
      ['b', true, 'b'],
      ['b', false, undefined],
      ['a', true, 'a'],
    ]);
    expect(views.map(({ parent }) => views.findIndex(({ id }) => id === parent))).toEqual([1, 2, -1]);
  });

  it('reads the list of files, whoever wrote it', () => {
    const preview = 'Archive content /root/work:\nsrc/a - b.py - 1,234 B\nnotes.txt - 0 B\n';
    const [snapshot] = snapshotsOf([task('a', [artifact({ uri: 'http://f/1', at: 1, preview })])], ME);
    expect(snapshot?.view).toMatchObject({
      fileCount: 2,
      files: [
        { name: 'src/a - b.py', size: 1234 },
        { name: 'notes.txt', size: 0 },
      ],
    });
  });

  it('does without what a server leaves out', () => {
    expect(
      snapshotsOf([{}, { id: 'a' }, task('b', [{ key: 'workspace' }, { key: 'data', uri: 'x' }])], ME),
    ).toEqual([]);
  });
});

describe('a save', () => {
  const saved = artifact({ uri: 'http://f/new', at: 900, by: 'me' });
  const afterSave = (before: readonly object[]) =>
    artifactsAfterSave(readArtifacts(task('me', before)), saved, 'me').map((a) => {
      const { key, mode, uri } = a as { key: string; mode: string; uri: string };
      return [key, mode, uri];
    });

  it('is alone where there was none', () => {
    expect(afterSave([])).toEqual([['workspace', 'input', 'http://f/new']]);
  });

  it('keeps the one before it, under the name and in the mode of the payload', () => {
    expect(afterSave([artifact({ uri: 'http://f/1', at: 1, by: 'me' })])).toEqual([
      ['workspace', 'input', 'http://f/new'],
      ['old_workspace', 'output', 'http://f/1'],
    ]);
  });

  it('leaves an inherited one an input: it is not deleted with this session', () => {
    expect(afterSave([artifact({ uri: 'http://f/1', at: 1, by: 'another' })])).toEqual([
      ['workspace', 'input', 'http://f/new'],
      ['old_workspace', 'input', 'http://f/1'],
    ]);
  });

  it('drops none, however many there are', () => {
    const before = [
      artifact({ uri: 'http://f/2', at: 2, by: 'me' }),
      artifact({ key: 'old_workspace', mode: 'output', uri: 'http://f/1', at: 1, by: 'me' }),
    ];
    expect(afterSave(before)).toEqual([
      ['workspace', 'input', 'http://f/new'],
      ['old_workspace', 'output', 'http://f/2'],
      ['old_workspace_1', 'output', 'http://f/1'],
    ]);
  });
});

describe('going back to an earlier one', () => {
  it('has both change places', () => {
    const held = readArtifacts(
      task('me', [
        artifact({ uri: 'http://f/2', at: 2, by: 'me' }),
        artifact({ key: 'old_workspace', mode: 'output', uri: 'http://f/1', at: 1, by: 'me' }),
      ]),
    );
    expect(artifactsAfterSwap(held, held[1] as never)).toMatchObject([
      { key: 'workspace', mode: 'input', uri: 'http://f/1' },
      { key: 'old_workspace', mode: 'output', uri: 'http://f/2' },
    ]);
    expect(artifactsAfterSwap([], held[1] as never)).toBeUndefined();
  });
});
