import { curveKeyPair, Dealer, Router } from 'zeromq';
import type { Cost } from './measure.js';
import { timed } from './scan.js';

/** So many messages are on the way at a time. */
export const WINDOW = 3;

/** Messages that are only sent back, as the floor for a protocol over the same kind of socket; in cipher with `curve`. */
export async function echo(
  count: number,
  { endpoint, curve = false }: { readonly endpoint: string; readonly curve?: boolean },
): Promise<Cost> {
  const [server, client] = curve ? cipher() : [{}, {}];
  const router = new Router(server);
  await router.bind(endpoint);
  const dealer = new Dealer(client);
  dealer.connect(router.lastEndpoint ?? endpoint);
  const answers = (async () => {
    for (let index = 0; index < count; index += 1) await router.send(await router.receive());
  })();
  const cost = await timed(async () => {
    let sent = 0;
    for (; sent < WINDOW; sent += 1) await dealer.send('task');
    for (let received = 0; received < count; received += 1) {
      await dealer.receive();
      if (sent < count) await dealer.send('task');
      sent += 1;
    }
  });
  await answers;
  dealer.close();
  router.close();
  return cost;
}

function cipher(): readonly [object, object] {
  const [master, worker] = [curveKeyPair(), curveKeyPair()];
  return [
    { curveServer: true, curveSecretKey: master.secretKey },
    {
      curveServerKey: master.publicKey,
      curvePublicKey: worker.publicKey,
      curveSecretKey: worker.secretKey,
    },
  ];
}
