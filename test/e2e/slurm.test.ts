import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { withoutPrograms } from '../support/debian-packages.js';
import { Gate } from '../support/gate.js';
import { Library, madeIn } from '../support/library.js';
import { assertExit, linesOf } from '../support/rig.js';
import type { Run } from '../support/rig.js';
import { SlurmCluster } from '../support/slurm-cluster.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const noSlurm: string | false =
  process.getuid?.() === 0
    ? withoutPrograms(['slurmctld', 'slurmd', 'munged'], ['slurm-wlm', 'munge'])
    : 'needs root to run the daemons of Slurm';

/** A library whose workers are all Slurm's, and the encoder behind a gate. */
async function setUp(
  context: TestContext,
  provider: { readonly min: number; readonly max: number },
): Promise<{ readonly slurm: SlurmCluster; readonly gate: Gate; readonly library: Library }> {
  const slurm = await SlurmCluster.start(context);
  const gate = await Gate.before(context, 'opusenc');
  const env = { ...slurm.env, ...gate.env, XDG_CONFIG_HOME: temporaryFolder(context) };
  const library = new Library(context, env);
  library.manifest({
    outputs: [{ codec: 'opus', to: './out' }],
    cluster: {
      workers: 0,
      advertise: '127.0.0.1',
      providers: [{ type: 'slurm', slots: 1, orphanAfter: '5s', ...provider }],
    },
  });
  return { slurm, gate, library };
}

async function arrivals(gate: Gate, run: Run, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await gate.arrival(run);
}

test(
  'all workers are of Slurm: cancelled, requeued, a node killed',
  { skip: noSlurm },
  async (context) => {
    const { slurm, gate, library } = await setUp(context, { min: 4, max: 4 });
    const names = Array.from({ length: 12 }, (_, index) => `${index}.flac`);
    for (const name of names) library.track(name);
    const run = library.start(['apply', '--yes', '--json']);
    await arrivals(gate, run, 4);
    const jobs = slurm.queue();
    assert.deepEqual(jobs.map(({ node }) => node).sort(), ['n1', 'n1', 'n2', 'n2']);
    const [cancelled, requeued] = jobs.filter(({ node }) => node === 'n2');
    slurm.ask('scancel', cancelled?.id ?? '');
    slurm.ask('scontrol', 'requeue', requeued?.id ?? '');
    await slurm.killNode('n1');
    gate.open(100);
    const applied = await run.finished;
    assertExit(applied, 0);
    const made = madeIn(library, applied);
    assert.deepEqual(made, names.map((name) => `out/${name.replace('flac', 'opus')}`).sort());
    assert.equal(linesOf(applied, 'task-failed').length, 0);
    assertExit(await library.plan(), 0);
    assertExit(await library.run(['verify', '--deep']), 0);
    await until('an empty queue', () => slurm.queue().length === 0);
    assert.ok(!existsSync(library.path('.flac2all/pilots')));
  },
);

test(
  'a master that is killed leaves no job: its agents end, and the next run cancels those that wait',
  { skip: noSlurm },
  async (context) => {
    const { slurm, gate, library } = await setUp(context, { min: 6, max: 6 });
    for (let index = 0; index < 8; index += 1) library.track(`${index}.flac`);
    const run = library.start(['apply', '--yes', '--json']);
    // Four run, as many as there are CPUs; two wait.
    await arrivals(gate, run, 4);
    assert.equal(slurm.queue().length, 6);
    run.signal('SIGKILL');
    await run.finished;
    gate.open(100);
    assertExit(await library.apply(), 0);
    await until('an empty queue', () => slurm.queue().length === 0);
    assert.equal(Object.keys(library.outputs()).length, 8);
    assertExit(await library.plan(), 0);
  },
);
