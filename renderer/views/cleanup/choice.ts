import type { Question } from '../../../preload/contract/api.ts';
import { sizeText } from '../../../preload/contract/size.ts';
import type { FinishedSession, SessionId } from '../../../preload/contract/state.ts';
import { cleanupTexts } from '../../../preload/contract/texts/index.ts';

const { question, newest, notes } = cleanupTexts;

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
  const { length } = chosen;
  const bytes = totalBytes(chosen);
  const saved = chosen.filter(({ workspace }) => workspace).length;
  return {
    key: 'cleanup',
    title: question.title(length),
    detail: [
      bytes > 0 ? question.deletedWithFiles(length, sizeText(bytes)) : question.deleted(length),
      ...(saved > 0 ? [question.workspaces(saved)] : []),
      question.final,
    ].join(' '),
    yes: question.yes,
  };
}

/** The second question. */
export const workspaceQuestion = ({ name }: FinishedSession): Question => ({
  key: 'cleanup-workspace',
  title: newest.title,
  detail: newest.means(name),
  yes: newest.yes,
});

/** What stands below a session's name. */
export function notesOf(session: FinishedSession): readonly string[] {
  const { failed, workspace, isProtected, parentOf } = session;
  return [
    ...(failed ? [notes.failed] : []),
    ...(isProtected ? [notes.newest] : workspace ? [notes.workspace] : []),
    ...(parentOf.length > 0 ? [notes.parentOf(parentOf.join(', '))] : []),
  ];
}
