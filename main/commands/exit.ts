/** What the process ends with; the README explains them to people. */
export const EXIT = {
  fine: 0,
  failed: 1,
  wrongUse: 2,
  /** The session ended or failed while this process looked after it. */
  sessionOver: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
