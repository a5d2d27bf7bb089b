import { count } from './units.ts';

/** Sessions that are over, to be removed from the server. */
export const cleanup = {
  title: 'Clean up finished sessions',
  means: 'Removed sessions are gone from the ClearML server, with their logs and files.',
  reading: 'Reading the list…',
  nothing: 'There is nothing to clean up.',
  more: 'There are more of them. Open this again when these are removed.',
  chosen: (chosen: number, sessions: number, size: string) =>
    `${chosen} of ${sessions} chosen, ${size} of files`,
  remove: 'Remove…',
  removeChosen: (sessions: number) => `Remove ${count(sessions, 'session')}…`,
  progress: 'Sessions removed',
  done: (done: number, sessions: number) => `${done} of ${sessions}`,
  removed: (sessions: number) => `Removed ${count(sessions, 'session')}`,
  freed: (size: string) => `${size} of files were freed.`,
  notRemoved: (sessions: number) => `${count(sessions, 'session')} could not be removed`,
  table: {
    all: 'All but the newest workspace',
    session: 'Session',
    age: 'Over for',
    files: 'Files',
  },
  /** Below the name of a session. */
  notes: {
    failed: 'Failed',
    newest: 'Newest workspace, protected',
    workspace: 'Workspace',
    parentOf: (sessions: string) => `${sessions} came from it`,
  },
  question: {
    title: (sessions: number) => `Remove ${count(sessions, 'session')}?`,
    deleted: (sessions: number) =>
      sessions === 1
        ? 'Its task and log are deleted from the ClearML server.'
        : 'Their tasks and logs are deleted from the ClearML server.',
    deletedWithFiles: (sessions: number, size: string) =>
      sessions === 1
        ? `Its task, log and ${size} of files are deleted from the ClearML server.`
        : `Their tasks, logs and ${size} of files are deleted from the ClearML server.`,
    workspaces: (n: number) =>
      n === 1 ? '1 saved workspace is among them.' : `${n} saved workspaces are among them.`,
    final: 'This cannot be undone.',
    yes: 'Remove',
  },
  /** The second question. */
  newest: {
    title: 'Remove your newest workspace as well?',
    means: (session: string) =>
      `${session} holds the workspace that you saved last. No session can go on with it any more.`,
    yes: 'Remove the workspace',
  },
};
