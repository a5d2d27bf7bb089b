import { isBuiltin } from 'node:module';
import { describe, expect, it } from 'vitest';
import { filesIn, manifest, readText, resolveFrom } from './files.ts';

/**
 * What a part of the program may import: other parts, packages, and whether Node's own modules. The first row that
 * fits a file counts, so exceptions for single files stand above their folder.
 */
interface Row {
  readonly of: RegExp;
  readonly parts: readonly string[];
  readonly packages: readonly string[];
  readonly node: boolean;
}

const CORE = {
  parts: ['main/core/', 'preload/contract/'],
  packages: [
    'axios',
    'zod/mini',
    'https-proxy-agent',
    'proxy-from-env',
    'fastest-levenshtein',
    'yazl',
    'ignore',
    'tar',
  ],
  node: true,
};
const BUNDLER = { parts: ['package.json'], packages: ['vite'], node: true };
/** Libraries must not be there before set-up has run. */
const SETUP = { parts: ['main/cli/', 'main/setup.mjs', 'main/build.mjs'], packages: [], node: true };

const TABLE: readonly Row[] = [
  { of: /^preload\/contract\//, parts: ['preload/contract/'], packages: ['zod/mini'], node: false },
  { of: /^preload\/index\.ts$/, parts: ['preload/contract/'], packages: ['electron'], node: false },
  {
    of: /^main\/core\/ssh\/(dial|keys|remote-shell|channel-window|quick-login)\.ts$/,
    ...CORE,
    packages: [...CORE.packages, 'ssh2'],
  },
  { of: /^main\/core\/ssh\/thread\//, ...CORE, packages: ['birpc'] },
  // The one place that builds the parts, and the demo is one.
  { of: /^main\/core\/app\.ts$/, ...CORE, parts: [...CORE.parts, 'main/demo/'] },
  { of: /^main\/core\//, ...CORE },
  {
    of: /^main\/demo\//,
    ...CORE,
    parts: [...CORE.parts, 'main/demo/'],
    packages: [...CORE.packages, 'ssh2', 'ws', '@fastify/busboy', 'yauzl'],
  },
  {
    of: /^main\/electron\//,
    parts: ['main/electron/', 'main/core/', 'main/cli/', 'preload/contract/'],
    packages: ['electron', 'electron-store', 'electron-updater'],
    node: true,
  },
  {
    of: /^main\/browser\//,
    parts: ['main/browser/', 'main/core/', 'main/cli/', 'preload/contract/'],
    packages: ['ws', 'conf'],
    node: true,
  },
  {
    of: /^main\/commands\//,
    parts: ['main/commands/', 'main/core/', 'main/cli/', 'main/browser/', 'preload/contract/'],
    packages: ['conf'],
    node: true,
  },
  {
    of: /^main\/index\.ts$/,
    parts: ['main/commands/', 'main/electron/', 'main/browser/', 'main/cli/'],
    packages: [],
    node: true,
  },
  { of: /^(main|preload|renderer)\/vite\.config\.ts$/, ...BUNDLER },
  { of: /^main\/build\.mjs$/, ...SETUP, packages: ['vite'] },
  // Only its type: the code comes out of the bundle.
  { of: /^main\/cli\/start\.mjs$/, ...SETUP, parts: [...SETUP.parts, 'main/commands/command-line.ts'] },
  { of: /^main\/(cli\/.*|launch|setup)(\.mjs)?$/, ...SETUP },
  {
    of: /^renderer\//,
    parts: ['renderer/', 'preload/contract/'],
    packages: [
      'preact',
      'preact/hooks',
      '@preact/signals',
      '@xterm/xterm',
      '@xterm/xterm/css/xterm.css',
      '@xterm/addon-fit',
      '@xterm/addon-search',
      '@xterm/addon-web-links',
    ],
    node: false,
  },
];

const IMPORT = /\b(?:from|import|require)\s*\(?\s*['"]([^'"]+)['"]/g;

function importsOf(text: string): string[] {
  return [...text.matchAll(IMPORT)].map(([, specifier]) => specifier ?? '');
}

/** Imports of a file that the table does not draw. */
function strayImports(file: string, text: string): string[] {
  const row = TABLE.find(({ of }) => of.test(file));
  if (!row) return ['(a file outside the table)'];
  return importsOf(text).filter((specifier) => {
    if (specifier.startsWith('.')) {
      const target = resolveFrom(file, specifier.replace(/\?raw$/, ''));
      return !row.parts.some((part) => target.startsWith(part)) && !isOwnAsset(target);
    }
    if (isBuiltin(specifier)) return !row.node || !specifier.startsWith('node:');
    return !row.packages.includes(specifier);
  });
}

/** Pictures and texts that are bundled, as opposed to code. */
function isOwnAsset(target: string): boolean {
  return target.startsWith('assets/') && !/\.m?[jt]sx?$/.test(target);
}

const sources = ['main', 'preload', 'renderer']
  .flatMap(filesIn)
  .filter((file) => /\.(ts|tsx|mjs)$/.test(file));

describe('the dependency rule', () => {
  it('is kept by every source file', () => {
    const strays = sources.flatMap((file) =>
      strayImports(file, readText(file)).map((specifier) => `${file} imports ${specifier}`),
    );
    expect(strays).toEqual([]);
  });

  it.each([
    ['main/core/app.ts', "import { app } from 'electron';"],
    ['main/core/app.ts', "import Store from 'electron-store';"],
    ['main/core/app.ts', "import type { Tray } from '../electron/tray.ts';"],
    ['main/core/app.ts', "const { Client } = await import('ssh2');"],
    ['main/core/store.ts', "import { DemoServer } from '../demo/server.ts';"],
    ['main/core/ssh/tunnels.ts', "import { Client } from 'ssh2';"],
    ['main/core/app.ts', "export * from 'ws';"],
    ['main/core/app.ts', "import fs from 'fs';"],
    ['main/core/app.ts', "import * as z from 'zod';"],
    ['main/demo/serve.ts', "import { app } from 'electron';"],
    ['main/browser/bridge.ts', "import { app } from 'electron';"],
    ['main/browser/bridge.ts', "import { tray } from '../electron/tray.ts';"],
    ['main/electron/tray.ts', "import { WebSocketServer } from 'ws';"],
    ['main/cli/args.mjs', "import yargs from 'yargs';"],
    ['preload/contract/api.ts', "import { createHash } from 'node:crypto';"],
    ['preload/contract/api.ts', "import { Store } from '../../main/core/store.ts';"],
    ['preload/index.ts', "import { join } from 'node:path';"],
    ['renderer/index.tsx', "import { Store } from '../main/core/store.ts';"],
    ['renderer/index.tsx', "import 'node:fs';"],
    ['renderer/index.tsx', "import icons from '../assets/make-icons.mjs';"],
    ['elsewhere/x.ts', ''],
  ])('is broken when %s says %s', (file, text) => {
    expect(strayImports(file, text)).toHaveLength(1);
  });

  it.each([
    ['main/core/ssh/dial.ts', "import { Client } from 'ssh2';"],
    ['main/core/app.ts', "import { startDemo } from '../demo/server.ts';"],
    ['main/electron/tray.ts', "import { Tray } from 'electron';"],
    ['main/electron/tray.ts', "import script from '../../assets/remote/start.py?raw';"],
    ['renderer/views/List.tsx', "import type { AppState } from '../../preload/contract/state.ts';"],
  ])('is kept when %s says %s', (file, text) => {
    expect(strayImports(file, text)).toEqual([]);
  });
});

describe('packages that go into the app', () => {
  it('are dependencies, so that their licences are looked at', () => {
    const used = new Set(
      sources.flatMap((file) => importsOf(readText(file))).filter((name) => !name.startsWith('.')),
    );
    const names = [...used]
      .filter((name) => !isBuiltin(name) && name !== 'vite' && name !== 'electron')
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      );
    expect(names.filter((name) => !Object.hasOwn(manifest.dependencies, name))).toEqual([]);
  });
});
