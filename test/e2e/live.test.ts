import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Library } from '../support/library.js';
import { parseMetrics, valueOf } from '../support/prometheus.js';
import { assertExit, linesOf } from '../support/rig.js';
import type { Run } from '../support/rig.js';

/** The address in a notice of a run. */
async function addressIn(run: Run, code: string, pattern: RegExp): Promise<string> {
  for (let count = 1; ; count += 1) {
    const notice = await run.line('notice', count);
    const found = notice.code === code ? pattern.exec(notice.text)?.[0] : undefined;
    if (found !== undefined) return found;
  }
}

test(
  'a run is watched from another terminal and scraped, until it ends',
  { timeout: 120_000 },
  async (context) => {
    const library = new Library(context);
    library.track('a.flac');
    library.track('b.flac');
    library.manifest({
      outputs: [{ codec: 'opus', to: './out' }],
      cluster: { bind: 'tcp://127.0.0.1:*', workers: 0, metrics: 0 },
    });
    const idle = await library.run(['status', '--live']);
    assertExit(idle, 0);
    assert.match(idle.stderr, /no run is at work/);
    assert.match(idle.stdout, /There was no run yet/);

    const master = library.start(['apply', '--yes', '--json']);
    const metrics = await addressIn(master, 'METRICS_LISTENING', /http:\S+/);
    const endpoint = await addressIn(master, 'CLUSTER_LISTENING', /tcp:\S+/);
    const before = library.everything();
    const lines = library.start(['status', '--live', '--json']);
    assert.equal((await lines.line('run-state')).tasks, 2);
    const text = library.start(['status', '--live']);
    assert.deepEqual(library.everything(), before, 'looking writes nothing');
    const scraped = parseMetrics(await (await fetch(metrics)).text());
    assert.equal(valueOf(scraped, 'flac2all_tasks'), 2);
    // Both watch before the work begins.
    await lines.line('run-state', 4);

    assertExit(await library.run(['worker', '--connect', endpoint, '-j1']), 0);
    const applied = await master.finished;
    assertExit(applied, 0);
    const watched = await lines.finished;
    assertExit(watched, 0);
    const last = linesOf(watched, 'run-state').at(-1);
    assert.deepEqual([last?.done, last?.exitCode, last?.stage], [2, 0, 'finished']);
    const told = await text.finished;
    assertExit(told, 0);
    assert.match(
      told.stdout,
      /^Run [0-9a-f]{12} ended: 2 of 2 tasks done, in .*; exit code 0\.\n$/,
    );
    await assert.rejects(fetch(metrics));
  },
);
