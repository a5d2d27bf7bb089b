import type { SecretPlace } from '../../state.ts';

/** Where passwords and pasted credentials rest, as the settings and the first view show it. */
export const secrets = {
  what: 'Passwords and pasted credentials',
  rest: (where: string) => `Passwords and pasted credentials rest in ${where}.`,
  places: { memory: 'Ask each time', file: 'Keep in a file' } satisfies {
    readonly [P in SecretPlace]: string;
  },
  inMemory:
    'Passwords and pasted credentials stay in memory until the app quits, and are asked for after its next start.',
  inFile: (file: string) =>
    `Passwords and pasted credentials are in ${file}: for your account only, but unencrypted.`,
  unencrypted: {
    title: 'Keep secrets unencrypted?',
    detail: (file: string) =>
      `${file} is for your account only, but nothing in it is encrypted: whoever else gets at it, as administrator of this computer or in a backup, can read your credentials.`,
    yes: 'Keep them there',
  },
};
