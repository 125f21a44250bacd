import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { aborted } from 'node:util';
import { curveKeyPair, Push } from 'zeromq';
import type { ClusterKey } from '#src/cluster/key-file.js';
import { proveKey } from '#src/cluster/key-proof.js';
import type { MasterReport } from '#src/cluster/master-event.js';
import { Quota } from '#src/cluster/quota.js';
import { Liar } from './liar.js';
import { fakeTasks, made, MasterRig } from './rig.js';

const TASKS = 20;
const master = ownKey();

function ownKey(): ClusterKey {
  const { publicKey, secretKey } = curveKeyPair();
  return { serverKey: publicKey, publicKey, secretKey };
}

function guest(): ClusterKey {
  return { ...curveKeyPair(), serverKey: master.publicKey };
}

/** A run behind a door that an honest worker ends when the test is through with it. */
class Besieged {
  readonly rig: MasterRig;
  readonly endpoint: string;
  readonly #running: Promise<MasterReport>;
  readonly #guests: Set<string>;

  private constructor(
    rig: MasterRig,
    endpoint: string,
    run: { readonly running: Promise<MasterReport>; readonly guests: Set<string> },
  ) {
    this.rig = rig;
    this.endpoint = endpoint;
    this.#running = run.running;
    this.#guests = run.guests;
  }

  static async open(t: TestContext, ...guests: readonly ClusterKey[]): Promise<Besieged> {
    const rig = await MasterRig.make(t);
    const known = new Set([master, ...guests].map(({ publicKey }) => publicKey));
    const running = rig.run(fakeTasks(TASKS), {
      endpoints: ['tcp://0.0.0.0:*'],
      door: { key: master, isAllowed: (key) => known.has(key) },
    });
    const { endpoint } = await rig.seen('listening');
    const address = endpoint.replace('0.0.0.0', '127.0.0.1');
    return new Besieged(rig, address, { running, guests: known });
  }

  get port(): number {
    return Number(this.endpoint.split(':').at(-1));
  }

  revoke({ publicKey }: ClusterKey): void {
    this.#guests.delete(publicKey);
  }

  /** The rest is done, each task once. */
  async relieve(): Promise<MasterReport> {
    const agent = this.rig.agent({ endpoint: this.endpoint, key: master });
    const report = await this.#running;
    assert.equal((await agent).reason, 'shutdown');
    assert.equal(report.done, TASKS);
    assert.equal(new Set(this.rig.committed).size, TASKS);
    assert.equal(this.rig.committed.length, TASKS);
    return report;
  }
}

describe('whoever has no key', () => {
  test('is not heard: an unlisted key, none at all, the sockets of the old program', async (t) => {
    const besieged = await Besieged.open(t);
    const { endpoint } = besieged;
    for (const key of [guest(), undefined]) await sent(new Liar(t, endpoint, key).hello());
    const old = new Push({ linger: 0 });
    t.after(() => old.close());
    old.connect(endpoint);
    await sent(old.send('["echo", "lame", "EOL"]'));
    await besieged.relieve();
    assert.equal(besieged.rig.events.filter(({ type }) => type === 'agent-joined').length, 1);
  });

  test('gets the door shut: random bytes, HTTP, a greeting without a key', async (t) => {
    const besieged = await Besieged.open(t);
    await hungUp(besieged.port, randomBytes(4096));
    await hungUp(besieged.port, Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(4)));
    await hungUp(besieged.port, zmtpGreeting());
    await besieged.relieve();
  });
});

test('a frame that is announced with 2 GiB ends its connection before it comes', async (t) => {
  const rig = await MasterRig.make(t);
  const running = rig.run(fakeTasks(3), { endpoints: ['tcp://127.0.0.1:*'] });
  const { endpoint } = await rig.seen('listening');
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(2n ** 31n);
  const frame = Buffer.concat([Buffer.from([2]), length, Buffer.alloc(1024)]);
  await hungUp(Number(endpoint.split(':').at(-1)), Buffer.concat([zmtpGreeting(), frame]));
  const agent = rig.agent({ endpoint });
  assert.equal((await running).done, 3);
  await agent;
});

describe('whoever has a key and lies', () => {
  test('a forged token, attempt or task, and a result of another session are stale', async (t) => {
    const [one, two] = [guest(), guest()];
    const besieged = await Besieged.open(t, one, two);
    const [liar, other] = [one, two].map((key) => new Liar(t, besieged.endpoint, key));
    await liar!.hello();
    const [grant] = await liar!.tasks();
    await other!.hello();
    await other!.tasks();
    const forgeries = [
      { token: 'f'.repeat(32) },
      { attempt: '7.999' },
      { attempt: '6.1' },
      { task: '__proto__' },
      { task: '../../etc/passwd' },
    ];
    for (const forgery of forgeries) {
      await liar!.result(grant!, forgery);
      assert.equal((await liar!.hear('ACK', 'STALE')).type, 'STALE', JSON.stringify(forgery));
    }
    await other!.result(grant!);
    assert.equal((await other!.hear('ACK', 'STALE')).type, 'STALE', 'the lease of another');
    assert.equal(besieged.rig.committed.length, 0);
    for (const each of [liar!, other!]) {
      await each.say('BYE', { reason: 'done', returned: [], running: 0 });
    }
    await besieged.relieve();
  });

  test('a result that is said again is committed once', async (t) => {
    const key = guest();
    const besieged = await Besieged.open(t, key);
    const liar = new Liar(t, besieged.endpoint, key);
    await liar.hello();
    const [grant] = await liar.tasks();
    for (let time = 0; time < 3; time += 1) {
      await liar.result(grant!);
      await liar.hear('ACK');
    }
    await liar.say('BYE', { reason: 'done', returned: [], running: 0 });
    await besieged.relieve();
  });

  test('claims of attempts that it never had are stale', async (t) => {
    const key = guest();
    const besieged = await Besieged.open(t, key);
    const liar = new Liar(t, besieged.endpoint, key);
    await liar.hello({ held: [{ task: 't0', attempt: '6.1', token: 'a'.repeat(32), slot: 1 }] });
    assert.deepEqual((await liar.hear('STALE')).header.attempts, ['6.1']);
    await liar.say('BYE', { reason: 'done', returned: [], running: 0 });
    const report = await besieged.relieve();
    assert.equal(report.resumed, 0);
  });

  test('no proof, the proof of another key or session, the session of another are refused', async (t) => {
    const [one, two] = [guest(), guest()];
    const besieged = await Besieged.open(t, one, two);
    const honest = new Liar(t, besieged.endpoint, one);
    await honest.hello();
    await honest.hear('WELCOME');
    const liar = new Liar(t, besieged.endpoint, two);
    const zeros = { key: '0'.repeat(40), mac: '0'.repeat(64) };
    for (const lie of [
      { proof: undefined },
      { proof: { ...proveKey(two, liar.session), key: one.publicKey } },
      { proof: proveKey(two, honest.session) },
      { proof: zeros },
      { session: honest.session, proof: proveKey(two, honest.session) },
    ]) {
      await liar.hello(lie);
      assert.equal((await liar.hear('WELCOME', 'REJECT')).type, 'REJECT', JSON.stringify(lie));
    }
    await honest.say('BYE', { reason: 'done', returned: [], running: 0 });
    await besieged.relieve();
  });

  test('nonsense is answered and counted, and not for ever', async (t) => {
    const key = guest();
    const besieged = await Besieged.open(t, key);
    const liar = new Liar(t, besieged.endpoint, key);
    const nonsense = ['{"__proto__":{"held":[]}}', '[]', '{"held":["x"]}', '{'.repeat(5000)];
    for (const header of nonsense) {
      await liar.say('HB', header);
      await liar.hear('ERR');
    }
    for (let message = 0; message < 200; message += 1) await liar.say('NOPE', '{}');
    const report = await besieged.relieve();
    assert.equal('held' in {}, false);
    assert.ok(report.refusedMessages >= 100, String(report.refusedMessages));
  });
});

test('a peer may say so much a second, and more for a moment', () => {
  const quota = new Quota(0);
  const said = (count: number, nowMs: number): boolean =>
    Array.from({ length: count }, () => quota.message(nowMs)).every(Boolean);
  assert.ok(said(10_000, 0));
  assert.ok(!said(1, 0));
  assert.ok(said(4000, 1000));
  for (let second = 2; second < 60; second += 1) assert.ok(said(5000, second * 1000));
  assert.ok(!said(20_000, 60_000));
});

test('a key that is revoked ends the session that it opened; its tasks go to others', async (t) => {
  const key = guest();
  const besieged = await Besieged.open(t, key);
  const running = besieged.rig.agent({
    endpoint: besieged.endpoint,
    key,
    name: 'revoked',
    execute: async (_task, { onStart, signal }) => {
      onStart();
      await aborted(signal, signal);
      return made();
    },
  });
  await besieged.rig.seen('task-started', 2);
  besieged.revoke(key);
  await besieged.rig.seen('agent-left');
  const exit = await running;
  assert.deepEqual([exit.reason, /revoked/.test(exit.text)], ['rejected', true]);
  await besieged.relieve();
});

/** A message that may wait for ever for a connection. */
async function sent(sending: Promise<void>): Promise<void> {
  const moment = new Promise<void>((resolve) => void setTimeout(resolve, 300));
  await Promise.race([sending.catch(() => undefined), moment]);
}

/** Sends bytes, and waits until the other side ends the connection. */
async function hungUp(port: number, bytes: Uint8Array): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.on('connect', () => void socket.write(bytes));
  socket.resume();
  await new Promise((resolve) => void socket.on('close', resolve));
}

/** ZMTP 3.0 without security, up to where messages begin. */
function zmtpGreeting(): Buffer {
  const greeting = Buffer.alloc(64);
  greeting[0] = 0xff;
  greeting[9] = 0x7f;
  greeting[10] = 3;
  greeting.write('NULL', 12);
  const ready = Buffer.from('\x05READY\x0bSocket-Type\0\0\0\x06DEALER', 'latin1');
  return Buffer.concat([greeting, Buffer.from([4, ready.length]), ready]);
}
