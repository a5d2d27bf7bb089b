import { describe, expect, it } from 'vitest';
import type { SessionRow } from '../../../main/commands/sessions.ts';
import { infoText, listText } from '../../../main/commands/standalone.ts';
import { table } from '../../../main/commands/table.ts';
import { plain } from '../../../main/commands/terminal.ts';

const row = (different: Partial<SessionRow> = {}): SessionRow => ({
  id: 'a'.repeat(32),
  name: 'notebook',
  status: 'running',
  mine: true,
  owner: 'Grace',
  project: 'DevOps',
  tags: ['red', 'blue'],
  queue: 'gpu',
  image: 'python:3.12',
  agent: 'gpu-1:0',
  machine: { hostname: 'gpu-1', address: '10.0.0.1', cores: 8, memoryGb: 64, gpus: 2, gpuType: 'A100' },
  created: '2026-11-21T12:00:00.000Z',
  started: '2026-11-21T12:01:00.000Z',
  ended: null,
  url: 'https://app.example/log',
  ...different,
});

describe('a table', () => {
  const columns = [{ title: 'ID' }, { title: 'NAME', gives: true }, { title: 'PLACE', gives: true }] as const;

  it('has its columns one below the other', () => {
    expect(
      table(columns, [
        ['1', 'a long name', 'x'],
        ['22', '', 'yy'],
      ]),
    ).toEqual(['ID  NAME         PLACE', '1   a long name  x', '22               yy']);
  });

  it('is cut to the terminal where its columns give way, and no further', () => {
    const rows = [['0123456789', 'n'.repeat(40), 'p'.repeat(20)]];
    const cut = table(columns, rows, 40);
    expect(cut.map((line) => line.length)).toEqual([expect.any(Number), 40]);
    expect(cut[1]).toMatch(/^0123456789 {2}n+… {2}p+…$/);
    expect(table(columns, rows, 5)[1]).toBe('0123456789  nnnnnnn…  ppppppp…');
  });
});

describe('the list of sessions', () => {
  it('names ids whole, and owners only where they are several', () => {
    const [titles, line] = listText([row()], false, 80);
    expect(titles).not.toContain('OWNER');
    expect(line).toMatch(new RegExp(`^${'a'.repeat(32)}  running  `));
    expect(listText([row()], true, undefined)[0]).toContain('OWNER');
  });

  it('says that there is none', () => {
    expect(listText([], false, 80)).toEqual(['You have no session that runs.']);
    expect(listText([], true, 80)).toEqual(['No session runs.']);
  });

  it('never lets a name of somebody else move the cursor or begin a line', () => {
    const text = listText([row({ name: 'x\u001b[2J\r\nfake\u202e' })], true, undefined).join('\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(text.split('\n')).toHaveLength(2);
    expect(plain('a\u0007\u009bb')).toBe('a b');
  });
});

describe('the facts of a session', () => {
  it('are all there is to know, without what is not', () => {
    expect(infoText(row()).join('\n')).toContain('Machine:  gpu-1, 10.0.0.1, 8 cores, 64 GB, 2 × A100');
    const machine = { hostname: null, address: null, cores: null, memoryGb: null, gpus: null, gpuType: null };
    const bare = infoText(row({ machine, agent: null, project: null, tags: [], started: null, url: null }));
    expect(bare.map((line) => line.split(':')[0])).toEqual([
      'Status',
      'ID',
      'Name',
      'Owner',
      'Queue',
      'Image',
      'Created',
    ]);
  });
});
