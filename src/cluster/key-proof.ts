import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  timingSafeEqual,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { ClusterKey } from './key-file.js';
import type { KeyProof } from './message.gen.js';
import { fromZ85 } from './z85.js';

/*
 * ZeroMQ does not tell the application whose key a connection was opened with. So an agent shows it
 * once more in HELLO: whoever knows neither secret key cannot make the MAC, and it holds for one
 * session only. CURVE's keys are X25519 keys.
 */

/** PKCS #8 and SubjectPublicKeyInfo of an X25519 key (RFC 8410), up to its 32 bytes. */
const PRIVATE_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b656e032100', 'hex');

/** What an agent says in HELLO of the key that opens the master's door. */
export function proveKey(
  { publicKey, secretKey, serverKey }: ClusterKey,
  session: string,
): KeyProof {
  return {
    key: publicKey,
    mac: macOf({ secretKey, publicKey: serverKey }, session).toString('hex'),
  };
}

/** Whether the agent of that session has the key that it names; never throws. */
export function holdsKey(
  proof: KeyProof,
  { secretKey, session }: { readonly secretKey: string; readonly session: string },
): boolean {
  try {
    const mac = Buffer.from(proof.mac, 'hex');
    return timingSafeEqual(mac, macOf({ secretKey, publicKey: proof.key }, session));
  } catch {
    // A point of low order, or a MAC of another length: no key.
    return false;
  }
}

function macOf(
  keys: { readonly secretKey: string; readonly publicKey: string },
  session: string,
): Buffer {
  const known = Buffer.concat([PUBLIC_HEAD, fromZ85(keys.publicKey)]);
  const shared = diffieHellman({
    privateKey: privateKeyOf(keys.secretKey),
    publicKey: createPublicKey({ key: known, format: 'der', type: 'spki' }),
  });
  return createHmac('sha256', shared).update(`flac2all session ${session}`).digest();
}

let latest: { readonly secretKey: string; readonly key: KeyObject } | undefined;

/** To take a key in costs ten times what its use does, and a process has one. */
function privateKeyOf(secretKey: string): KeyObject {
  if (latest?.secretKey !== secretKey) {
    const der = Buffer.concat([PRIVATE_HEAD, fromZ85(secretKey)]);
    latest = { secretKey, key: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
  }
  return latest.key;
}
