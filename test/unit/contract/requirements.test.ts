import { describe, expect, it } from 'vitest';
import {
  mergeRequirements,
  packageName,
  requirementLines,
  requirementsProblem,
} from '../../../preload/contract/requirements.ts';

describe('a requirement list', () => {
  it.each([
    'torch',
    'torch==2.5.1',
    'torch >= 2.0, < 3',
    'uvicorn[standard]>=0.30',
    'numpy<2; python_version < "3.12"',
    'pkg @ https://example.com/pkg-1.0-py3-none-any.whl',
    'https://example.com/pkg.tar.gz',
    'git+https://github.com/a/b.git@main#egg=b',
    '-e git+https://github.com/a/b.git#egg=b',
    '--extra-index-url https://download.pytorch.org/whl/cu124',
    '-i https://example.com/simple',
    '--find-links=https://example.com/wheels',
    '--pre',
    'certifi==2024.1.1 --hash=sha256:aaaa --hash=sha256:bbbb',
    'certifi==2024.1.1 \\\n  --hash=sha256:aaaa \\\n  --hash=sha256:bbbb',
    '# only a comment',
    'torch  # with a comment',
    '',
    'ruamel.yaml~=0.18.0',
    'a===1.0+local',
    'b (>=1,<2)',
  ])('may hold %j', (text) => expect(requirementsProblem(text)).toBeUndefined());

  it.each([
    ['torch==', 'Line 1: "torch==" is not a package as pip writes it, such as torch==2.5.1.'],
    [
      'numpy\n\nthis is no package',
      'Line 3: "this is no package" is not a package as pip writes it, such as torch==2.5.1.',
    ],
    [
      '-r other.txt',
      'Line 1: "-r other.txt" names a file that the session does not have; put its lines here.',
    ],
    [
      '-c limits.txt',
      'Line 1: "-c limits.txt" names a file that the session does not have; put its lines here.',
    ],
    ['-e .', 'Line 1: "-e ." is a path of this computer, which the session does not have.'],
    [
      './wheels/a.whl',
      'Line 1: "./wheels/a.whl" is a path of this computer, which the session does not have.',
    ],
    [
      'C:\\wheels\\a.whl',
      'Line 1: "C:\\wheels\\a.whl" is a path of this computer, which the session does not have.',
    ],
    [
      'a \\\n  --hash=x\n$(rm -rf)',
      'Line 3: "$(rm -rf)" is not a package as pip writes it, such as torch==2.5.1.',
    ],
  ])('may not hold %j', (text, problem) => expect(requirementsProblem(text)).toBe(problem));

  it('is checked fast whatever it holds', () => {
    const hostile = [
      `a${' '.repeat(50_000)}!`,
      `${'a.'.repeat(20_000)}!`,
      `a${'==1,'.repeat(20_000)}!`,
      `a[${'x,'.repeat(20_000)}!`,
    ];
    const before = process.cpuUsage();
    for (const text of hostile) expect(requirementsProblem(text)).toBeDefined();
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
  });

  it('is read in the lines that pip reads', () => {
    expect(requirementLines('a \\\n --hash=x # why\n\n# c\r\nb\\')).toEqual([
      { number: 1, text: 'a  --hash=x' },
      { number: 5, text: 'b' },
    ]);
  });

  it('knows a package by its name alone', () => {
    expect(
      ['Foo_Bar[x]>=1', 'foo.bar ; python_version<"3"', 'FOO-bar@git+x', 'foo-bar!=2'].map(packageName),
    ).toEqual(Array(4).fill('foo-bar'));
  });
});

describe('the merged requirement list', () => {
  it('is what is needed where there is none', () =>
    expect(mergeRequirements(' \n', ['b', 'a'])).toBe('b\na'));
  it('is sorted, and the person’s version wins', () =>
    expect(mergeRequirements('torch\nJupyter==1\nZope', ['clearml>=1', 'jupyter'])).toBe(
      ['Jupyter==1', 'Zope', 'clearml>=1', 'torch'].join('\n'),
    ));
  it('takes no comment for a line that goes on, as pip does', () =>
    expect(mergeRequirements('# pinned \\\nclearml==1.16', ['clearml>=1', 'a'])).toBe(
      '# pinned \\\nclearml==1.16\na',
    ));
  it.each([
    ['comments', '# first\ntorch\n  # then\nnumpy'],
    ['options', '--extra-index-url https://x/y\ntorch'],
    ['hashes', 'torch==1 \\\n  --hash=sha256:a\nnumpy==1 --hash=sha256:b'],
    ['an editable repository', 'torch\n-e git+https://x/y#egg=z'],
  ])('stays as it was written where it has %s', (_, own) =>
    expect(mergeRequirements(`${own}\n`, ['clearml>=1', 'numpy'])).toBe(
      [own, 'clearml>=1', ...(own.includes('numpy') ? [] : ['numpy'])].join('\n'),
    ),
  );
});
