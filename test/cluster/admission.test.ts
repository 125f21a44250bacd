import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { aborted } from 'node:util';
import type { TestContext } from 'node:test';
import { Dealer } from 'zeromq';
import type { FleetRules } from '#src/cluster/admission.js';
import type { RunRoot } from '#src/cluster/contract.js';
import type { RootQuestion } from '#src/cluster/message.gen.js';
import { encode, PROTOCOL } from '#src/cluster/protocol.js';
import type { AbsolutePath } from '#src/lib/brand.js';
import { FakeClock } from '../support/fake-clock.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { failed, fakeTask, fakeTasks, made, MasterRig } from './rig.js';

const TCP = { endpoints: ['tcp://127.0.0.1:*'] };
const nonce = 'c'.repeat(32);

/** Rules for a folder /music that is really elsewhere; counts the looks that have ended. */
function fleet(t: TestContext, more: Partial<FleetRules> = {}): FleetRules & { ended: number } {
  const music = temporaryFolder(t);
  const note = join(music, '.n.f2a-part');
  writeFileSync(note, nonce);
  const root: RunRoot = { name: 'tunes', path: '/music' as AbsolutePath, use: 'output' };
  const questions: readonly RootQuestion[] = [
    { ...root, witness: { path: '/music/.n.f2a-part', nonce, scratch: '.s.f2a-part' } },
  ];
  const rules = {
    roots: [root],
    uniformTools: 'warn' as const,
    ownTools: () => Promise.resolve({ opusenc: '0.2', flac: '1.4' }),
    askStorage: () =>
      Promise.resolve({
        questions,
        end: () => {
          rules.ended += 1;
          return Promise.resolve();
        },
      }),
    ended: 0,
    music,
    ...more,
  };
  return rules;
}

const tools = { opusenc: '0.2', flac: '1.4' };

describe('an agent of another machine', () => {
  test('that sees other files is refused, and told what to do; with a map it works', async (t) => {
    const rig = await MasterRig.make(t);
    const rules = fleet(t);
    const running = rig.run(fakeTasks(3), { ...TCP, fleet: rules });
    const { endpoint } = await rig.seen('listening');
    const lost = await rig.agent({ endpoint, capabilities: tools });
    assert.equal(lost.reason, 'rejected');
    assert.match(lost.text, /\/music cannot be seen here.*--map \/music=FOLDER/);
    assert.equal((await rig.seen('agent-refused')).reason, lost.text);

    const to = (rules as unknown as { music: AbsolutePath }).music;
    const agent = rig.agent({
      endpoint,
      capabilities: tools,
      rules: { maps: [{ from: 'tunes', to }], roots: undefined, rawArgs: false },
      execute: (task, { onStart }) => {
        onStart();
        assert.ok(task.part.startsWith(to) && task.source.path.startsWith(to), task.part);
        mkdirSync(join(to, 'x'), { recursive: true });
        return Promise.resolve(made());
      },
    });
    assert.equal((await running).done, 3);
    assert.equal((await agent).reason, 'shutdown');
    assert.equal(rules.ended, 2);
    assert.equal(existsSync(join(to, '.s.f2a-part')), false);
  });

  test('with other versions is refused, or taken and told, or taken', async (t) => {
    const notes: string[] = [];
    for (const uniformTools of ['require', 'warn', 'allow'] as const) {
      const rig = await MasterRig.make(t);
      const rules = fleet(t, { uniformTools, roots: [], askStorage: nothingToAsk });
      const running = rig.run(fakeTasks(1), { ...TCP, fleet: rules });
      const { endpoint } = await rig.seen('listening');
      const capabilities = { opusenc: '0.1', flac: '1.4', lame: '9' };
      const exit = await rig.agent({
        endpoint,
        capabilities,
        onNotice: (text) => notes.push(text),
      });
      if (uniformTools === 'require') {
        assert.match(exit.text, /opusenc 0\.1 and not 0\.2; install the same/);
        await rig.agent({ endpoint, capabilities: tools });
      }
      assert.equal((await running).done, 1);
      const told = rig.events.filter(({ type }) => type === 'agent-noted');
      assert.equal(told.length, uniformTools === 'warn' ? 1 : 0);
    }
    assert.equal(notes.length, 1);
    assert.match(notes[0] ?? '', /opusenc 0\.1 and not 0\.2/);
  });

  test('without an encoder gets what needs none, and without any is refused', async (t) => {
    const rig = await MasterRig.make(t);
    const rules = fleet(t, { roots: [], askStorage: nothingToAsk });
    const tasks = [fakeTask(0), { ...fakeTask(1), sidecar: true }];
    const running = rig.run(tasks, { ...TCP, fleet: rules, timing: { stuckMs: 100 } });
    const { endpoint } = await rig.seen('listening');
    const agent = rig.agent({ endpoint, capabilities: {} });
    const report = await running;
    await agent;
    assert.deepEqual([report.done, report.failed, rig.committed], [1, 1, ['t1']]);
    const [failure] = rig.failures;
    assert.equal(failure?.failed.code, 'NO_WORKER');
    assert.match(failure?.failed.text ?? '', /here: opusenc is not installed .*opus-tools/);

    const second = await MasterRig.make(t);
    const again = second.run(fakeTasks(1), { ...TCP, fleet: rules });
    const next = await second.seen('listening');
    const refused = await second.agent({ endpoint: next.endpoint, capabilities: {} });
    assert.match(refused.text, /opusenc is not installed/);
    second.abort.abort();
    await again;
  });

  test('that does not answer is refused in the end, and holds up nobody', async (t) => {
    const rig = await MasterRig.make(t);
    const rules = fleet(t);
    const clock = new FakeClock();
    const running = rig.run(fakeTasks(1), { ...TCP, fleet: rules, clock });
    const { endpoint } = await rig.seen('listening');
    const mute = new Dealer({ linger: 0 });
    t.after(() => mute.close());
    mute.connect(endpoint);
    await mute.send(hello('d'));
    assert.equal(String((await mute.receive())[0]), 'PROBE');
    await mute.send(encode('PROBED', { id: 'e'.repeat(32), clockMs: 0, roots: [] }));
    assert.equal(String((await mute.receive())[0]), 'ERR');
    const refused = await clock.passUntil(rig.seen('agent-refused'));
    assert.match(refused.reason, /\/music: no answer/);
    await mute.send(hello('f'));
    rig.abort.abort();
    assert.equal((await running).stopped, 'abort');
  });

  test('of this machine is not asked', async (t) => {
    const rig = await MasterRig.make(t);
    const rules = fleet(t, { askStorage: () => Promise.reject(new Error('asked')) });
    const running = rig.run(fakeTasks(2), { fleet: rules });
    const agent = rig.agent({ capabilities: tools });
    assert.equal((await running).done, 2);
    await agent;
  });
});

describe('an agent with limits', () => {
  test('rests above its load and works below', async (t) => {
    const rig = await MasterRig.make(t);
    const clock = new FakeClock();
    let load = 9;
    const agent = rig.agent({ clock, limits: { maxLoad: 4 }, load: () => load });
    const running = rig.run(fakeTasks(5));
    await clock.passUntil(rig.seen('agent-joined'));
    assert.equal(rig.leases.length, 0);
    load = 1;
    await clock.passUntil(rig.seen('agent-resting'));
    assert.equal((await running).done, 5);
    await agent;
  });

  test('leaves at the end of its life', async (t) => {
    const rig = await MasterRig.make(t);
    const clock = new FakeClock();
    const running = rig.run([fakeTask(0)]);
    const exit = await clock.passUntil(
      rig.agent({
        clock,
        limits: { lifetimeMs: 60_000 },
        execute: async (_task, { signal, onStart }) => {
          onStart();
          await aborted(signal, signal);
          return failed('cancelled');
        },
      }),
    );
    assert.deepEqual([exit.reason, exit.text], ['drained', 'its 60 s are over (--lifetime)']);
    assert.ok(clock.monotonic() < 60_000);
    rig.abort.abort();
    await running;
  });
});

function nothingToAsk(): ReturnType<FleetRules['askStorage']> {
  return Promise.resolve({ questions: [], end: () => Promise.resolve() });
}

function hello(letter: string): string[] {
  const known = { session: letter.repeat(32), name: 'mute', version: '1.0.0', pid: 1, slots: 1 };
  return encode('HELLO', { ...known, protocol: PROTOCOL, capabilities: tools, held: [] });
}
