import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn, manifest, ROOT, readText } from './files.ts';

// It has no types here; electron-builder reads its configuration with it.
const yaml: { load(text: string): unknown } = createRequire(import.meta.url)('js-yaml');

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: {
    readonly [name: string]: { readonly 'timeout-minutes'?: number; readonly steps: readonly Step[] };
  };
}

describe.each(filesIn('.github/workflows'))('%s', (file) => {
  const workflow = yaml.load(readText(file)) as Workflow;
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps);
  const commands = steps.map(({ run = '' }) => run).join('\n');

  it('takes actions of others by their hash, and may only read', () => {
    const actions = steps.flatMap(({ uses }) => uses ?? []);
    expect(actions.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
    expect(workflow.permissions).toEqual({ contents: 'read' });
  });

  it('ends by itself', () => {
    expect(jobs.filter(([, job]) => !job['timeout-minutes']).map(([name]) => name)).toEqual([]);
  });

  it('runs what there is', () => {
    const scripts = [...commands.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name]) => name ?? '');
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
    const programs = [...commands.matchAll(/\bnode ([\w./-]+)/g)].map(([, path]) => path ?? '');
    expect(programs.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(scripts.length + programs.length).toBeGreaterThan(0);
  });
});
