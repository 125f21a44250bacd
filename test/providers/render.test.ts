import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { Secret } from 'kubernetes-models/v1/Secret';
import { pilotSecret } from '#src/providers/kubernetes-job.js';
import { makeProvider } from '#src/providers/make-provider.js';
import type { PilotContext, RenderedFile } from '#src/providers/provider.js';
import { systemRunner } from '#src/providers/command-runner.js';
import { plant, temporaryFolder } from '../support/temporary-folder.js';
import { providerSettings } from './provider-settings.js';

const GOLDEN = join(import.meta.dirname, '../../../test/providers/golden');
const noSystemd: string | false =
  spawnSync('systemd-analyze', ['--version']).status === 0 ? false : 'no systemd-analyze here';
const noShell: string | false = spawnSync('sh', ['-c', 'exit 0']).status === 0 ? false : 'no sh';

const key = {
  serverKey: 'm'.repeat(40),
  publicKey: 'p'.repeat(40),
  secretKey: 's'.repeat(40),
} as const;
const context: PilotContext = {
  run: 'abc123',
  endpoint: 'tcp://fileserver:2019',
  key: { kind: 'key', key, file: '/srv/my music/.flac2all/pilots/abc123/cluster.key' },
  folder: '/srv/my music/.flac2all/pilots/abc123',
  manifest: '/srv/my music/100% $live.yaml',
};
const ports = {
  runner: systemRunner,
  self: ['/usr/bin/env', 'flac2all'],
  unitFolder: () => '/run/systemd/system',
};

function rendered(type: string): readonly RenderedFile[] {
  const settings = providerSettings.find((one) => one.type === type);
  assert.ok(settings);
  return makeProvider(settings, context, ports).render(3);
}

test('what engines are given, file by file', () => {
  const all = providerSettings.flatMap(({ type }) => rendered(type));
  assert.deepEqual(readdirSync(GOLDEN).sort(), all.map(({ name }) => name).sort());
  for (const { name, content } of all) {
    assert.equal(content, readFileSync(join(GOLDEN, name), 'utf8'), name);
  }
});

test('Kubernetes: Job and Secret are what its API describes', () => {
  const [job] = rendered('kubernetes');
  const parsed = JSON.parse(job?.content ?? '') as ConstructorParameters<typeof Job>[0];
  new Job(parsed).validate();
  const broken = { ...parsed, spec: { ...parsed?.spec, completions: 'three' } };
  assert.throws(() => new Job(broken as never).validate(), /completions/);
  const secret = pilotSecret({ key, name: 'flac2all-abc123-1', run: 'abc123', owner: 'uid' });
  new Secret(secret).validate();
  const pod = parsed?.spec?.template.spec;
  const { graceMs } = providerSettings.find(({ type }) => type === 'kubernetes') as never;
  assert.ok((pod?.terminationGracePeriodSeconds ?? 0) > graceMs / 1000);
});

test('systemd takes its units', { skip: noSystemd }, (t) => {
  const folder = temporaryFolder(t);
  const files = rendered('systemd').map(({ name, content }) => plant(folder, name, content));
  // The template is looked at as an instance.
  const units = files.map((file) => file.replace('@.service', '@1.service'));
  const env = { ...process.env, SYSTEMD_LOG_LEVEL: 'warning' };
  const done = spawnSync('systemd-analyze', ['verify', '--man=no', ...units], {
    encoding: 'utf8',
    env,
  });
  const names = files.map((file) => basename(file).split(/[@.]/)[0] ?? '');
  const ours = done.stderr.split('\n').filter((line) => names.some((name) => line.includes(name)));
  assert.deepEqual(ours, []);
});

test('the shells of Slurm and ssh get every word as it is', { skip: noShell }, (t) => {
  const folder = temporaryFolder(t);
  const [batch] = rendered('slurm');
  const script = batch?.content.replace('exec /usr/bin/env flac2all', "exec printf '%s\\n'") ?? '';
  const env = { ...process.env, SLURM_ARRAY_JOB_ID: '7', SLURM_ARRAY_TASK_ID: '2' };
  const slurm = spawnSync('sh', [plant(folder, 'batch', script)], { encoding: 'utf8', env });
  const words = slurm.stdout.split('\n');
  assert.equal(words[words.indexOf('--key') + 1], context.key.kind === 'key' && context.key.file);
  assert.equal(words[words.indexOf('--pilot') + 1], '7_2');
});
