import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OLDEST_NODE } from '../../main/cli/node-version.mjs';
import { parseCommandLine } from '../../main/commands/parse.ts';
import { mapFiles } from '../unit/commands/map-files.ts';
import { manifest, ROOT, readText } from './files.ts';

const TEXTS = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'docs/releasing.md'].map(
  (file) => [file, readText(file)] as const,
);

/** npm's own commands that a text may name. */
const OF_NPM = ['ci', 'install', 'run'];

/** Commands of npm in a text that this package does not have. */
function unknownCommands(text: string): string[] {
  const scripts = [...text.matchAll(/\bnpm run ([a-z][a-z0-9:-]*)/g)].map(([, name]) => name ?? '');
  const short = [...text.matchAll(/(?:`|^|\$ )npm ([a-z]+)/gm)].map(([, name]) => name ?? '');
  return [...scripts, ...short.filter((name) => !OF_NPM.includes(name))].filter(
    (name) => !Object.hasOwn(manifest.scripts, name),
  );
}

/** Flags of `npm start -- …` and `clearml-session-tray …` in a text that the app refuses. */
function refusedFlags(text: string): string[] {
  return [
    ...text.matchAll(/\b(?:npm start --|clearml-session-tray) (-[^`#\n]+|(?:list|info|shutdown)\b[^`#\n]*)/g),
  ].flatMap(([, flags = '']) => {
    const argv = flags.trim().replaceAll(' N', ' 1').split(/\s+/);
    const line = parseCommandLine(argv, { files: mapFiles(), version: '' });
    return line.is === 'wrong' ? [line.message] : [];
  });
}

describe.each(TEXTS)('%s', (_, text) => {
  it('names only commands that exist', () => {
    expect(unknownCommands(text)).toEqual([]);
    expect(refusedFlags(text)).toEqual([]);
  });

  it('links only to files that exist', () => {
    const links = [...text.matchAll(/(?:\]\(|src(?:set)?=")(?!https?:|#|mailto:)([^)"#\s]+)/g)].map(
      ([, link]) => link ?? '',
    );
    expect(links.filter((link) => !existsSync(join(ROOT, link)))).toEqual([]);
  });
});

describe('the checks of commands and flags', () => {
  it('find what does not exist', () => {
    expect(unknownCommands('run `npm run nonsense`, then `npm fly`, then\nnpm run build')).toEqual([
      'nonsense',
      'fly',
    ]);
    expect(refusedFlags('`npm start -- --nonsense` and npm start -- --port N # comment')).toHaveLength(1);
  });
});

describe('what the texts promise', () => {
  const readme = readText('README.md');

  it('is in the README: the two commands', () => {
    expect(readme).toContain('npm start');
    expect(readme).toContain('npm test');
  });

  it('is the version of Node that is checked at the start', () => {
    expect(manifest.engines.node).toBe(`>=${OLDEST_NODE}`);
    expect(
      [...readme.matchAll(/Node(?:\.js)? ?(?:>=|≥)? ?(\d+\.\d+)/g)].map(([, version]) => version),
    ).toContain(OLDEST_NODE);
  });

  it('is the version of the newest entry of the changelog', () => {
    const newest = /^## \[?(\d+\.\d+\.\d+)/m.exec(readText('CHANGELOG.md'));
    expect(newest?.[1]).toBe(manifest.version);
  });

  it('is that every script runs a file that exists', () => {
    const files = Object.values(manifest.scripts).flatMap((script) =>
      [...script.matchAll(/\bnode (\S+\.mjs)/g)].map(([, file]) => file ?? ''),
    );
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});
