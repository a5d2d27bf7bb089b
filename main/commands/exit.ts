/** What the process ends with; the README explains them to people. */
export const EXIT = {
  fine: 0,
  failed: 1,
  wrongUse: 2,
  /** The session ended or failed while this process looked after it. */
  sessionOver: 3,
  /** The time of a command was over, as `timeout` says it. */
  timeOver: 124,
  interrupted: 130,
  /** A command did not run in the session, or the connection was lost: as `ssh` says it. */
  notRun: 255,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
