/** A command line that asks for nothing that can be done; the message says what is wrong with it. */
export class WrongUse extends Error {}

/** A value as a sentence shows it. */
export const shown = (value: string): string => `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
