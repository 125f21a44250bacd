import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Failure } from '#src/lib/failure.js';
import type { Result } from '#src/lib/result.js';
import type { ProviderSettings, ProviderType } from '#src/manifest/provider-settings.js';
import { makeProvider } from '#src/providers/make-provider.js';
import type { PilotContext, PilotPhase, Provider } from '#src/providers/provider.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { FakeChannels, FakeKubernetes, FakeSlurm, FakeSystemd } from './fake-engines.js';
import type { FakeEngine } from './fake-engines.js';
import { providerSettings } from './provider-settings.js';

const SECRET = 's'.repeat(40);
const ENGINES: Readonly<Record<ProviderType, () => FakeEngine>> = {
  local: () => new FakeChannels(),
  ssh: () => new FakeChannels(),
  slurm: () => new FakeSlurm(),
  kubernetes: () => new FakeKubernetes(),
  systemd: () => new FakeSystemd(),
};

interface Rig {
  readonly engine: FakeEngine;
  readonly provider: Provider;
  readonly context: PilotContext;
}

function rigOf(test: TestContext, settings: ProviderSettings): Rig {
  const engine = ENGINES[settings.type]();
  const folder = join(temporaryFolder(test), 'pilots');
  mkdirSync(folder);
  const file = join(folder, 'cluster.key');
  const key = { serverKey: 'm'.repeat(40), publicKey: 'p'.repeat(40), secretKey: SECRET };
  const context: PilotContext = {
    run: 'abc123',
    endpoint: 'tcp://fileserver:2019',
    key: { kind: 'key', key, file },
    folder,
    manifest: '/srv/music/flac2all.yaml',
  };
  const ports = {
    runner: engine,
    self: ['/usr/bin/node', '/opt/flac2all/main.js'],
    unitFolder: () => join(folder, 'units'),
  };
  return { engine, context, provider: makeProvider(settings, context, ports) };
}

function valueOf<T>(result: Result<T, Failure>): T {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

async function phases(
  provider: Provider,
  ids: readonly string[],
): Promise<readonly (PilotPhase | undefined)[]> {
  const statuses = valueOf(await provider.status(ids));
  return ids.map((id) => statuses.get(id)?.phase);
}

for (const settings of providerSettings) {
  const hasChannels = settings.type === 'ssh' || settings.type === 'local';

  describe(`provider ${settings.type}`, () => {
    test('is checked', async (t) => {
      const { provider, engine } = rigOf(t, settings);
      valueOf(await provider.check());
      if (settings.type === 'local') return;
      engine.broken = { trouble: 'missing' };
      const missing = await provider.check();
      assert.equal(!missing.ok && missing.error.code, 'PROVIDER_MISSING');
      engine.broken = { trouble: 'late' };
      const late = await provider.check();
      assert.equal(!late.ok && late.error.code, 'PROVIDER_TIMEOUT');
      engine.broken = { says: 'no route to host' };
      const refused = await provider.check();
      assert.match(refused.ok ? '' : refused.error.message, /no route to host/);
    });

    test('submits, tells how pilots stand, and what became of them', async (t) => {
      const { provider, engine, context } = rigOf(t, settings);
      const ids = valueOf(await provider.submit(2));
      assert.equal(new Set(ids).size, 2);
      assert.deepEqual([...engine.pilots.keys()].sort(), [...ids].sort());
      const early = hasChannels ? 'running' : 'pending';
      assert.deepEqual(await phases(provider, ids), [early, early]);
      engine.startAll();
      assert.deepEqual(await phases(provider, ids), ['running', 'running']);
      const own = valueOf(await provider.list('own'));
      assert.deepEqual(own.map(({ id }) => id).sort(), [...ids].sort());
      assert.ok(own.every(({ run }) => run === context.run));
      assert.equal(valueOf(await provider.list('all')).length, 2);

      const [first = ''] = ids;
      engine.die(first, 'no such image');
      if (settings.type === 'slurm') {
        writeFileSync(join(context.folder, `${first}.err`), 'no such image\n');
      }
      await Promise.resolve();
      assert.deepEqual(await phases(provider, ids), ['ended', 'running']);
      assert.equal(await provider.lastWords(first), 'no such image');
      assert.deepEqual(await phases(provider, ['unheard-of']), ['ended']);
    });

    test('cancels some, and leaves the others alone', async (t) => {
      const { provider, engine } = rigOf(t, settings);
      const ids = valueOf(await provider.submit(2));
      const [first = '', second = ''] = ids;
      if (!hasChannels) engine.startAll();
      valueOf(await provider.cancel([first], { drain: true }));
      await Promise.resolve();
      assert.deepEqual(await phases(provider, ids), ['ended', 'running']);
      valueOf(await provider.cancel([second, first, 'unheard-of'], { drain: false }));
      assert.deepEqual(engine.phases(), ['ended', 'ended']);
      valueOf(await provider.cancel([], { drain: false }));
    });

    test('cancels what waits', async (t) => {
      const { provider, engine } = rigOf(t, settings);
      const ids = valueOf(await provider.submit(2));
      valueOf(await provider.cancel(ids, { drain: true }));
      assert.deepEqual(engine.phases(), ['ended', 'ended']);
    });

    test('says why it could not submit', async (t) => {
      const { provider, engine } = rigOf(t, settings);
      if (hasChannels) return;
      engine.broken = { says: 'quota exceeded' };
      const refused = await provider.submit(1);
      assert.match(refused.ok ? '' : refused.error.message, /quota exceeded/);
      assert.equal(engine.pilots.size, 0);
      for (const told of [await provider.status(['x']), await provider.list('own')]) {
        assert.equal(told.ok, false);
      }
    });

    test('never shows a key: not to the process list, not in what it renders', async (t) => {
      const { provider, engine } = rigOf(t, settings);
      const ids = valueOf(await provider.submit(2));
      await provider.status(ids);
      await provider.cancel(ids, { drain: false });
      await provider.dispose();
      const words = engine.calls.flatMap((call) => call.words);
      assert.ok(words.length > 0);
      assert.ok(words.every((word) => !word.includes(SECRET)));
      assert.ok(provider.render(2).every(({ content }) => !content.includes(SECRET)));
      const handed = engine.calls.filter(({ input }) => input.includes(SECRET));
      assert.equal(handed.length > 0, hasChannels || settings.type === 'kubernetes');
      if (engine instanceof FakeKubernetes) assert.deepEqual(engine.secrets, []);
    });
  });
}

test('a Job whose Secret is refused is taken back', async (t) => {
  const settings = providerSettings.find(({ type }) => type === 'kubernetes');
  assert.ok(settings);
  const { provider, engine } = rigOf(t, settings);
  const run = engine.run.bind(engine);
  engine.run = (command) => {
    if (command.input?.includes('"Secret"') !== true) return run(command);
    return Promise.resolve({ code: 1, stdout: '', stderr: 'forbidden' });
  };
  const refused = await provider.submit(3);
  assert.match(refused.ok ? '' : refused.error.message, /Secret.*forbidden/);
  assert.deepEqual(valueOf(await provider.list('own')), []);
});

test('ssh: a host has one pilot at a time, and the others come first after a death', async (t) => {
  const settings = providerSettings.find(({ type }) => type === 'ssh');
  assert.ok(settings);
  const { provider, engine } = rigOf(t, settings);
  const hosts = (): readonly string[] =>
    engine.calls.map(({ words }) => words[words.indexOf('--') + 1] ?? '');
  const [first = ''] = valueOf(await provider.submit(1));
  assert.deepEqual(hosts(), ['attic']);
  engine.die(first, 'gone');
  await Promise.resolve();
  assert.equal(valueOf(await provider.submit(5)).length, 2);
  assert.deepEqual(hosts(), ['attic', 'me@cellar', 'attic']);
  assert.deepEqual(valueOf(await provider.submit(1)), []);
});
