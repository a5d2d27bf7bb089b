import { describe, expect, it } from 'vitest';
import { project } from '../../../main/demo/api/projection.ts';

const DOC = {
  id: '1',
  name: 'n',
  runtime: { a: 1, b: 2 },
  execution: { queue: 'q', artifacts: [{ key: 'k', uri: 'u' }] },
};

describe('only_fields', () => {
  it.each([
    [[], DOC],
    [['name'], { id: '1', name: 'n' }],
    [['runtime'], { id: '1', runtime: { a: 1, b: 2 } }],
    [['runtime.a'], { id: '1', runtime: { a: 1 } }],
    [['runtime.a', 'runtime.b'], { id: '1', runtime: { a: 1, b: 2 } }],
    [['runtime.c', 'parent'], { id: '1', runtime: {} }],
    [['execution.artifacts'], { id: '1', execution: { artifacts: [{ key: 'k', uri: 'u' }] } }],
    [['execution.artifacts.key'], { id: '1', execution: { artifacts: [{ key: 'k' }] } }],
    [
      ['-runtime', '-execution.queue'],
      { id: '1', name: 'n', execution: { artifacts: [{ key: 'k', uri: 'u' }] } },
    ],
  ])('%j', (fields, expected) => {
    expect(project(DOC, fields)).toEqual(expected);
  });

  it('leaves the document as it was', () => {
    const before = structuredClone(DOC);
    project(DOC, ['-runtime.a', '-execution.queue']);
    expect(DOC).toEqual(before);
  });
});
