import { describe, expect, it } from 'vitest';
import { parseSessionRef } from '../../../main/core/clearml/session-ref.ts';
import { AppError } from '../../../preload/contract/errors.ts';

const id = '0123456789abcdef0123456789abcdef';
const project = 'f'.repeat(32);

describe('a session reference', () => {
  it.each([
    id,
    `  ${id}\n`,
    id.toUpperCase(),
    `https://app.clear.ml/projects/${project}/experiments/${id}/output/log`,
    `https://app.clear.ml/projects/*/experiments/${id}/output/log`,
    `https://app.clear.ml/projects/${project}/experiments/${id}`,
    `https://app.clear.ml/projects/${project}/experiments/${id}/output/log?columns=selected&order=-last_update`,
    `https://app.clear.ml/projects/${project}/tasks/${id}/output/console`,
    `http://10.0.0.1:8080/tasks/${id}`,
    `https://x.org/clearml/projects/${project}/experiments/${id}/execution;filter=a#top`,
    `clearml-session --attach ${id}`,
    `id=${id}`,
    `"${id}"`,
    `Session ${id}, again: ${id}`,
  ])('is found in %j', (text) => {
    expect(parseSessionRef(text)).toBe(id);
  });

  it.each([
    ['', 'There is no session ID in this text.'],
    ['my session', 'There is no session ID in this text.'],
    [`${id}0`, 'There is no session ID in this text.'],
    [`https://app.clear.ml/projects/${project}/experiments`, 'There is no session ID in this text.'],
    [`${id} ${project}`, 'There is more than one session ID in this text.'],
  ])('is missing in %j', (text, message) => {
    expect(() => parseSessionRef(text)).toThrow(expect.objectContaining({ code: 'invalid', message }));
    expect(() => parseSessionRef(text)).toThrow(AppError);
  });
});
