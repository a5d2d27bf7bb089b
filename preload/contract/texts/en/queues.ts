/** What to know before a session is put into a queue. */
export const queues = {
  noAgent: 'No agent serves this queue: the session would wait.',
  silent: (agents: number) =>
    agents === 1
      ? 'Its agent is silent and probably dead: the session would wait.'
      : `Its ${agents} agents are silent and probably dead: the session would wait.`,
};
