import { context, curveKeyPair, Dealer } from 'zeromq';
import type { Clock } from '../lib/clock.js';

/** As long as a handshake may take on a machine that is busy. */
const LIMIT_MS = 10_000;

/**
 * Knocks at a door with a key that nobody knows; `true` when it stays shut. No answer counts as open:
 * a door that cannot be tested is not trusted.
 */
export async function refusesStrangers(
  endpoint: string,
  { serverKey, clock }: { readonly serverKey: string; readonly clock: Clock },
): Promise<boolean> {
  context.blocky = false;
  const { publicKey, secretKey } = curveKeyPair();
  const curve = {
    curveServerKey: serverKey,
    curvePublicKey: publicKey,
    curveSecretKey: secretKey,
  };
  const ipv6 = endpoint.startsWith('tcp://[');
  const stranger = new Dealer({ linger: 0, ipv6, ...curve });
  const answered = new AbortController();
  try {
    const refused = new Promise<boolean>((resolve) => {
      stranger.events.on('handshake:error:auth', () => resolve(true));
      stranger.events.on('handshake', () => resolve(false));
    });
    stranger.connect(fromHere(endpoint));
    const late = clock.sleep(LIMIT_MS, answered.signal).then(
      () => false,
      () => false,
    );
    return await Promise.race([refused, late]);
  } finally {
    answered.abort();
    stranger.close();
  }
}

/** An address that stands for all of this machine's, as this machine reaches it. */
function fromHere(endpoint: string): string {
  return endpoint.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}
