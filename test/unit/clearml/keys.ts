import ssh2 from 'ssh2';
import { generateHostKey, type KeyPair } from '../../../main/core/ssh/keys.ts';

/** A host key that OpenSSH accepts: of the ed25519 keys that ssh2 makes, 1 in 256 is malformed. */
export function hostKey(): KeyPair {
  for (;;) {
    const key = generateHostKey();
    if (!(ssh2.utils.parseKey(key.privateKey) instanceof Error)) return key;
  }
}
