import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { FailureClass } from '#src/task/task.js';
import { DispatchWorld } from './dispatch-world.js';
import { failed, fakeTasks, made } from './rig.js';

const AGENTS = 3;
const CLASSES: readonly FailureClass[] = ['input', 'environment', 'changed', 'crash', 'cancelled'];

type Step =
  | {
      readonly do: 'join' | 'die' | 'silence' | 'rejoin' | 'bye' | 'again' | 'back';
      readonly agent: number;
    }
  | {
      readonly do: 'start' | 'encode' | 'make' | 'undelivered' | 'forge';
      readonly agent: number;
      readonly pick: number;
    }
  | {
      readonly do: 'fail';
      readonly agent: number;
      readonly pick: number;
      readonly class: FailureClass;
    }
  | { readonly do: 'stale'; readonly pick: number }
  | { readonly do: 'commit' | 'freeze' | 'wait' };

const agent = fc.nat(AGENTS - 1);
const pick = fc.nat(20);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('join', 'die', 'silence', 'rejoin', 'bye', 'again', 'back'),
    agent,
  }),
  fc.record({ do: fc.constantFrom('start', 'make', 'undelivered', 'forge'), agent, pick }),
  fc.record({ do: fc.constantFrom('start', 'encode', 'make'), agent, pick }),
  fc.record({ do: fc.constant('fail'), agent, pick, class: fc.constantFrom(...CLASSES) }),
  fc.record({ do: fc.constant('stale'), pick }),
  fc.record({ do: fc.constantFrom('commit', 'commit', 'freeze', 'wait') }),
);

class Chaos {
  readonly world: DispatchWorld;
  readonly #generation = Array.from({ length: AGENTS }, () => 0);
  /** Tasks that the faults so far may have sent back. */
  allowance = 0;

  constructor(tasks: number) {
    this.world = new DispatchWorld(fakeTasks(tasks));
  }

  session(index: number): string {
    return `a${index}-${this.#generation[index]}`;
  }

  alive(except = -1): readonly string[] {
    return this.#generation.map((_, index) => this.session(index)).filter((_, i) => i !== except);
  }

  play(step: Step): void {
    const { world } = this;
    switch (step.do) {
      case 'commit':
        world.commit();
        return;
      case 'wait':
        world.pass(2000, this.alive());
        return;
      case 'freeze':
        // The master stood still for a minute; nobody may be lost by that alone.
        this.#freeze();
        return;
      case 'stale': {
        const old = world.grants[step.pick];
        if (old !== undefined) world.report(old);
        return;
      }
      default:
        this.#playAgent(step);
    }
  }

  #freeze(): void {
    const before = this.world.state.agents.size;
    this.world.nowMs += 60_000;
    this.world.send({ type: 'tick' });
    assert.equal(this.world.state.agents.size, before);
  }

  #playAgent(step: Extract<Step, { readonly agent: number }>): void {
    const { world } = this;
    const session = this.session(step.agent);
    const leases = world.leased(session);
    const grant = 'pick' in step ? leases[step.pick % Math.max(leases.length, 1)] : undefined;
    switch (step.do) {
      case 'join':
        if (!world.state.agents.has(session)) world.join(session);
        return;
      case 'die':
        this.allowance += leases.length;
        world.die(session, this.alive(step.agent));
        this.#generation[step.agent]! += 1;
        return;
      case 'silence':
        this.allowance += leases.length;
        world.pass(12_000, this.alive(step.agent));
        return;
      case 'rejoin':
        this.allowance += 1;
        world.join(
          session,
          2,
          leases.slice(1).map((one) => world.claim(one)),
        );
        return;
      case 'again':
        world.join(
          session,
          2,
          leases.map((one) => world.claim(one)),
        );
        return;
      case 'back':
        // With everything that it ever had: what was taken from it is its own again, or stale.
        if (world.state.agents.has(session)) return;
        world.join(
          session,
          2,
          world.grants.filter((one) => one.session === session).map((one) => world.claim(one)),
        );
        return;
      case 'bye':
        this.allowance += leases.length;
        world.send({
          type: 'left',
          session,
          reason: 'asked',
          returned: leases.slice(1).map(({ attempt }) => attempt),
          running: Math.min(leases.length, 1),
        });
        return;
      default:
        if (grant !== undefined) this.#playGrant(step, grant);
    }
  }

  #playGrant(
    step: Extract<Step, { readonly pick: number }>,
    grant: DispatchWorld['grants'][number],
  ): void {
    const { world } = this;
    switch (step.do) {
      case 'start':
        world.start(grant);
        return;
      case 'encode':
        world.send({ type: 'encoded', session: grant.session, attempt: grant.attempt });
        return;
      case 'make':
        world.report(grant);
        assert.equal(world.leased(grant.session).includes(grant), false);
        world.report(grant);
        return;
      case 'forge':
        assert.deepEqual(
          world.report(grant, made(), 'f'.repeat(32)).map(({ type }) => type),
          ['stale'],
        );
        return;
      case 'fail':
        this.allowance += 6;
        world.report(grant, failed(step.class));
        return;
      case 'undelivered': {
        this.allowance += 1;
        const { session, attempt } = grant;
        world.send({ type: 'undelivered', session, attempts: [attempt] });
        return;
      }
      case 'stale':
        return;
    }
  }

  /** Healthy agents come and do the rest. */
  finish(): void {
    const { world } = this;
    // The agents so far fall silent one by one, and each may be lent what another one lost.
    this.allowance += world.state.leased * world.state.agents.size;
    for (let round = 0; !world.state.finished; round += 1) {
      assert.ok(round < 200, 'the run ends');
      const session = `healthy-${round % 2}`;
      if (!world.state.agents.has(session)) world.join(session);
      for (const grant of world.leased(session)) {
        world.start(grant);
        world.report(grant);
      }
      for (let open = world.state.committing.size; open > 0; open -= 1) world.commit();
      world.pass(1000, ['healthy-0', 'healthy-1']);
    }
  }
}

test('whatever happens, every task ends once, is committed at most once, and is not run for nothing', () => {
  fc.assert(
    fc.property(fc.nat(12), fc.array(anyStep, { maxLength: 60 }), (count, steps) => {
      const chaos = new Chaos(count);
      for (const one of steps) chaos.play(one);
      chaos.finish();
      const { world } = chaos;
      assert.equal(world.ends.size, count);
      const requeues = world.effects.filter(({ type }) => type === 'requeued').length;
      assert.ok(requeues <= chaos.allowance, `${requeues} of ${chaos.allowance} came back`);
      assert.ok(world.grants.length <= count + requeues, 'handed out again only after coming back');
    }),
    { numRuns: 600 },
  );
});

test('a drained run ends as soon as nothing runs, whatever happened before', () => {
  fc.assert(
    fc.property(fc.nat(12), fc.array(anyStep, { maxLength: 40 }), (count, steps) => {
      const chaos = new Chaos(count);
      const { world } = chaos;
      for (const one of steps) chaos.play(one);
      world.send({ type: 'drain' });
      for (const session of world.state.agents.keys()) {
        for (const grant of world.leased(session)) world.report(grant);
      }
      for (let open = world.state.committing.size; open > 0; open -= 1) world.commit();
      assert.ok(world.state.finished);
      assert.equal(world.state.leased, 0);
    }),
    { numRuns: 200 },
  );
});
