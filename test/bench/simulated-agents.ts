/**
 * Many agents in one process, who say that each task is made: `simulated-agents.js ENDPOINT COUNT SLOTS MS`.
 * With MS 0 they say nothing of their tasks. The key comes in KEY; tells its parent when all are welcome.
 */
import { randomBytes } from 'node:crypto';
import { context, Dealer } from 'zeromq';
import type { ClusterKey } from '#src/cluster/key-file.js';
import { proveKey } from '#src/cluster/key-proof.js';
import { PROTOCOL } from '#src/cluster/protocol.js';
import { made } from '../cluster/rig.js';

const [endpoint = '', count = '1', slots = '1', ms = '60'] = process.argv.slice(2);
const key = JSON.parse(process.env['KEY'] ?? '{}') as ClusterKey;
const outcome = JSON.stringify(made(Number(ms)));
let joined = 0;

context.blocky = false;
context.maxSockets = 20_000;

class SimulatedAgent {
  readonly #session = randomBytes(16).toString('hex');
  readonly #dealer: Dealer;
  #sent: Promise<void> = Promise.resolve();

  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
    this.#dealer = new Dealer({
      linger: 0,
      curveServerKey: key.serverKey,
      curvePublicKey: key.publicKey,
      curveSecretKey: key.secretKey,
      handshakeInterval: 120_000,
    });
  }

  start(): void {
    this.#dealer.connect(endpoint);
    const hello = {
      ...{
        session: this.#session,
        name: this.#name,
        slots: Number(slots),
        capabilities: {},
        held: [],
      },
      ...{ version: '1.0.0', pid: process.pid, protocol: PROTOCOL },
      proof: proveKey(key, this.#session),
    };
    this.#send('HELLO', JSON.stringify(hello));
    void this.#listen();
  }

  async #listen(): Promise<void> {
    for await (const [type, header] of this.#dealer) {
      const text = String(header);
      if (String(type) === 'WELCOME') this.#welcome(JSON.parse(text) as { heartbeatMs: number });
      if (String(type) === 'TASKS') this.#report(JSON.parse(text) as Tasks);
      if (String(type) === 'SHUTDOWN') {
        this.#send('BYE', '{"reason":"over","returned":[],"running":0}');
        void this.#sent.then(() => this.#dealer.close());
      }
    }
  }

  #welcome({ heartbeatMs }: { readonly heartbeatMs: number }): void {
    joined += 1;
    if (joined === Number(count)) process.send?.('joined');
    setInterval(() => this.#send('HB', '{"held":[]}'), Math.max(heartbeatMs, 5000)).unref();
  }

  #report({ tasks }: Tasks): void {
    if (ms === '0') return;
    const results = tasks.map(
      ({ attempt, token, task }) =>
        `{"task":"${task.id}","attempt":"${attempt}","token":"${token}","slot":1,"outcome":${outcome}}`,
    );
    this.#send('RESULT', `{"results":[${results.join(',')}]}`);
  }

  #send(type: string, header: string): void {
    this.#sent = this.#sent.then(() => this.#dealer.send([type, header])).catch(() => undefined);
  }
}

interface Tasks {
  readonly tasks: readonly {
    readonly attempt: string;
    readonly token: string;
    readonly task: { readonly id: string };
  }[];
}

for (let index = 0; index < Number(count); index += 1) {
  new SimulatedAgent(`agent ${index}`).start();
}
process.once('disconnect', () => process.exit());
