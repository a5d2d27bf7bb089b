import type { Question } from '../../../preload/contract/api.ts';
import { sizeText } from '../../../preload/contract/size.ts';
import type { FinishedSession, SessionId } from '../../../preload/contract/state.ts';
import { count } from '../../../preload/contract/texts/index.ts';

const DAY_MS = 86_400_000;

/** Chosen at first: what Settings would remove by itself. */
export const oldOnes = (
  sessions: readonly FinishedSession[],
  days: number,
  now: number,
): readonly SessionId[] =>
  sessions.filter((s) => !s.workspace && now - s.endedAt > days * DAY_MS).map(({ id }) => id);

export const totalBytes = (sessions: readonly FinishedSession[]): number =>
  sessions.reduce((sum, { bytes }) => sum + bytes, 0);

/** Says what goes, since nothing brings it back. */
export function removeQuestion(chosen: readonly FinishedSession[]): Question {
  const many = chosen.length > 1;
  const bytes = totalBytes(chosen);
  const files = bytes > 0 ? ` and ${sizeText(bytes)} of files` : '';
  const saved = chosen.filter(({ workspace }) => workspace).length;
  return {
    key: 'cleanup',
    title: `Remove ${count(chosen.length, 'session')}?`,
    detail: [
      `${many ? 'Their tasks, logs' : 'Its task, log'}${files} are deleted from the ClearML server.`,
      ...(saved > 0 ? [`${count(saved, 'saved workspace')} ${saved > 1 ? 'are' : 'is'} among them.`] : []),
      'This cannot be undone.',
    ].join(' '),
    yes: 'Remove',
  };
}

/** The second question. */
export const workspaceQuestion = ({ name }: FinishedSession): Question => ({
  key: 'cleanup-workspace',
  title: 'Remove your newest workspace as well?',
  detail: `${name} holds the workspace that you saved last. No session can go on with it any more.`,
  yes: 'Remove the workspace',
});

/** What stands below a session's name. */
export function notesOf(session: FinishedSession): readonly string[] {
  const { failed, workspace, isProtected, parentOf } = session;
  return [
    ...(failed ? ['Failed'] : []),
    ...(isProtected ? ['Newest workspace, protected'] : workspace ? ['Workspace'] : []),
    ...(parentOf.length > 0 ? [`${parentOf.join(', ')} came from it`] : []),
  ];
}
