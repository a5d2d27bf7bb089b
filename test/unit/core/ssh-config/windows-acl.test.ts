import { expect, it } from 'vitest';
import { aclCommand } from '../../../../main/core/ssh-config/windows-acl.ts';

const ADA = { USERPROFILE: 'C:\\Users\\Ada Lovelace', USERNAME: 'Ada Lovelace', USERDOMAIN: 'CORP' };
const OTHERS = ['*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F'];

it.each<[string, string, NodeJS.ProcessEnv, readonly string[] | undefined]>([
  ['in the folder of the account', 'C:\\Users\\Ada Lovelace\\AppData\\Roaming\\tray\\ssh', ADA, undefined],
  ['there, in other letters', 'c:\\users\\ada lovelace\\AppData\\tray\\ssh', ADA, undefined],
  ['on another drive', 'D:\\my data\\ssh', ADA, ['CORP\\Ada Lovelace:(OI)(CI)F', ...OTHERS]],
  ['beside it', 'C:\\Users\\Ada Lovelace2\\ssh', ADA, ['CORP\\Ada Lovelace:(OI)(CI)F', ...OTHERS]],
  ['on a share', '\\\\server\\share\\ssh', ADA, ['CORP\\Ada Lovelace:(OI)(CI)F', ...OTHERS]],
  ['without a domain', 'D:\\ssh', { ...ADA, USERDOMAIN: undefined }, ['Ada Lovelace:(OI)(CI)F', ...OTHERS]],
  ['of nobody that is known', 'D:\\ssh', {}, undefined],
])('a folder %s is left to its account, where Windows does not do so', (_, folder, env, grants) => {
  const command = grants && ['icacls', folder, '/inheritance:r', '/grant:r', ...grants];
  expect(aclCommand(folder, env)).toEqual(command);
});
