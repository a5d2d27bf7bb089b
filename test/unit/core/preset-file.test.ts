import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPresets } from '../../../main/core/preset-file.ts';
import { AppError } from '../../../preload/contract/errors.ts';
import { PRESETS_AT_MOST } from '../../../preload/contract/presets.ts';

const FILE = '/home/ada/project/.clearml-session.json';
const read = (value: unknown) =>
  readPresets(typeof value === 'string' ? value : JSON.stringify(value), { file: FILE, unnamed: 'project' });

describe('a file with presets', () => {
  it('may hold several of them', () => {
    const { presets, skipped } = read({
      presets: [
        { name: 'Training', description: 'Two GPUs', queue: 'gpu', docker_args: '--shm-size=8g' },
        { queue: 'cpu' },
      ],
    });
    expect(presets).toEqual([
      { name: 'Training', description: 'Two GPUs', options: { queue: 'gpu', dockerArgs: '--shm-size=8g' } },
      { name: 'project 2', description: '', options: { queue: 'cpu' } },
    ]);
    expect(skipped).toEqual([]);
  });

  it('is written as the README shows', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    const [, example = ''] = /```json\n(.*?)```/s.exec(readme) ?? [];
    const { presets, skipped } = read(example);
    expect(presets.map(({ name }) => name)).toEqual(['Training', 'Notebook']);
    expect(skipped).toEqual([]);
  });

  it('may be a single one, or a list', () => {
    const alone = { name: 'project', description: '', options: { docker: 'python:3.12' } };
    expect(read({ docker: 'python:3.12' }).presets).toEqual([alone]);
    expect(read([{ docker: 'python:3.12' }]).presets).toEqual([alone]);
    expect(read(`\uFEFF{"docker": "python:3.12"}\r\n`).presets).toEqual([alone]);
  });

  it.each<[string, unknown, object]>([
    ['packages as a list', { packages: ['numpy', 'torch==2.5.1'] }, { packages: 'numpy\ntorch==2.5.1' }],
    ['packages as a text', { packages: 'numpy\n' }, { packages: 'numpy\n' }],
    ['one tag', { session_tags: 'a' }, { sessionTags: ['a'] }],
    ['a port as a number', { remote_ssh_port: 10022 }, { remoteSshPort: '10022' }],
    ['a switch as a text', { jupyter_lab: 'false' }, { jupyterLab: false }],
    ['no base task', { base_task_id: 'none', queue: 'a' }, { baseTaskId: '', queue: 'a' }],
    ['null', { docker: null, queue: 'a' }, { queue: 'a' }],
  ])('may write %s', (_, value, options) => {
    expect(read(value)).toEqual({ presets: [{ name: 'project', description: '', options }], skipped: [] });
  });

  it('is taken as far as it can be used, and the rest is named', () => {
    const { presets, skipped } = read({
      presets: [
        { name: 'A', queue: 'gpu', dockr: 'x', remote_ssh_port: 70_000, jupyter_lab: 1 },
        { name: 'B', zzzzzzzzzzzz: 1 },
        7,
        { name: 'x'.repeat(81), description: 'a\nb', queue: 'gpu' },
      ],
    });
    expect(presets.map(({ name, options }) => [name, options])).toEqual([
      ['A', { queue: 'gpu' }],
      ['project 4', { queue: 'gpu' }],
    ]);
    expect(skipped).toEqual([
      { name: 'A: dockr', why: 'There is no such option. Did you mean docker?' },
      { name: 'A: remote_ssh_port', why: expect.stringContaining('from 1 to 65535') },
      { name: 'A: jupyter_lab', why: expect.any(String) },
      { name: 'B: zzzzzzzzzzzz', why: 'There is no such option.' },
      { name: 'B', why: 'It holds no option that can be used.' },
      { name: 'project 3', why: 'It is not an object with options.' },
      { name: 'project 4: name', why: 'At most 80 characters.' },
      { name: 'project 4: description', why: 'One line only.' },
    ]);
  });

  it('gives no secret and nothing about one session', () => {
    const { presets, skipped } = read({
      queue: 'gpu',
      password: 'hunter2',
      upload_files: ['/x'],
      git_credentials: false,
    });
    expect(presets[0]?.options).toEqual({ queue: 'gpu' });
    expect(skipped).toEqual([
      { name: 'password', why: 'Not kept. It is a secret, and a fresh one is safer.' },
      { name: 'upload_files', why: 'Not kept. It is about one session.' },
    ]);
    expect(JSON.stringify([presets, skipped])).not.toContain('hunter2');
  });

  it('may be what clearml-session remembers', () => {
    const state = {
      queue: 'gpu',
      docker: 'nvidia/cuda:12.4.1-runtime-ubuntu22.04',
      docker_args: null,
      password: 'f00',
      username: null,
      jupyter_lab: true,
      vscode_server: false,
      packages: ['numpy'],
      requirements: 'requirements.txt',
      init_script: null,
      config_file: '~/.clearml_session.json',
      keepalive: false,
      verbose: 0,
      yes: true,
      task_id: 'a'.repeat(32),
      __version__: '0.17.0',
    };
    expect(read(state)).toEqual({
      presets: [
        {
          name: 'project',
          description: '',
          options: {
            queue: 'gpu',
            docker: 'nvidia/cuda:12.4.1-runtime-ubuntu22.04',
            jupyterLab: true,
            vscodeServer: false,
            packages: 'numpy',
            keepalive: false,
          },
        },
      ],
      skipped: [{ name: 'password', why: expect.stringContaining('secret') }],
    });
  });

  it('holds no more presets than fit', () => {
    const many = Array.from({ length: PRESETS_AT_MOST + 2 }, () => ({ queue: 'a' }));
    const { presets, skipped } = read(many);
    expect(presets).toHaveLength(PRESETS_AT_MOST);
    expect(skipped).toEqual([{ name: '2 more', why: `At most ${PRESETS_AT_MOST}.` }]);
  });

  it.each([
    ['{\n  "queue": "gpu"\n  "docker": "x"\n}', 3],
    ['{\n  "queue": ,\n}', 2],
    ['{\n  "queue": "gpu",\n}', 3],
    ["{'queue': 1}", 1],
    ['{\n "queue": "gpu"\n\n', 2],
    ['{\n "queue": "g\npu"}', 2],
    ['', 1],
  ])('that is broken is named with the line: %j', (text, line) => {
    expect(() => read(text)).toThrow(`${FILE} is not JSON: line ${line} cannot be read.`);
  });

  it.each(['7', '"x"', 'null', '{"presets": 7}'])('that holds none is said to: %s', (text) => {
    expect(() => read(text)).toThrow(AppError);
    expect(() => read(text)).toThrow(`${FILE} holds no presets.`);
  });

  it('of a single one says what is wrong with it', () => {
    expect(read([7])).toEqual({
      presets: [],
      skipped: [{ name: 'project', why: 'It is not an object with options.' }],
    });
    expect(read({}).skipped).toEqual([{ name: 'project', why: 'It holds no option that can be used.' }]);
  });

  it('cannot harm by the names of its keys', () => {
    const { presets, skipped } = read('{"__proto__": {"docker": "x"}, "constructor": 1, "queue": "a"}');
    expect(presets[0]?.options).toEqual({ queue: 'a' });
    expect(skipped.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
  });
});
