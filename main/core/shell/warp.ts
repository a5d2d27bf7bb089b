import { commandText } from './ssh-command.ts';
import { SCRIPT, type Terminal } from './terminal.ts';

interface System {
  /** What opens its addresses, where it is installed. */
  readonly find: Terminal['find'];
  readonly args: (url: string) => readonly string[];
}

/** Warp takes no command, but opens a file of its own that names one, by an address of its own. */
export const warp = ({ find, args }: System): Terminal => ({
  id: 'warp',
  name: 'Warp',
  find,
  plan: (program, { argv, title, computer: { env } }) => ({
    program,
    args: args(`warp://launch/${SCRIPT}`),
    script: {
      name: 'ssh.yaml',
      // Texts of JSON are texts of YAML, too.
      text: `---
name: ${JSON.stringify(title)}
windows:
  - tabs:
      - title: ${JSON.stringify(title)}
        layout:
          cwd: ${JSON.stringify(env.HOME ?? '')}
          commands:
            - exec: ${JSON.stringify(commandText(argv, 'posix'))}
`,
    },
  }),
});
