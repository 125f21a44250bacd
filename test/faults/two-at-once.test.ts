import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gate } from '../support/gate.js';
import { Library, madeIn } from '../support/library.js';
import { processesHidden } from '../support/processes.js';
import { assertExit, linesOf } from '../support/rig.js';

test(
  'a second apply is refused and names the holder; looking is allowed',
  {
    skip: processesHidden,
  },
  async (context) => {
    const gate = await Gate.before(context, 'opusenc');
    const library = new Library(context, gate.env);
    library.track('a.flac');
    library.manifest({ outputs: [{ codec: 'opus', to: './out' }] });
    const first = library.start(['apply', '--yes', '--json']);
    await gate.arrival(first);
    const second = await library.apply();
    assertExit(second, 11);
    const [failure] = linesOf(second, 'failure');
    assert.equal(failure?.code, 'LEDGER_LOCKED');
    assert.match(failure.message, new RegExp(`\`flac2all apply.*\`, process ${first.pid} `));
    assertExit(await library.plan(), 2);
    assertExit(await library.run(['status']), 0);
    gate.open(100);
    const finished = await first.finished;
    assertExit(finished, 0);
    assert.deepEqual(madeIn(library, finished), ['out/a.opus']);
  },
);

test(
  'the lock of a dead process is broken, with a notice',
  {
    skip: processesHidden,
  },
  async (context) => {
    const gate = await Gate.before(context, 'opusenc');
    const library = new Library(context, gate.env);
    library.track('a.flac');
    library.manifest({ outputs: [{ codec: 'opus', to: './out' }] });
    const first = library.start(['apply', '--yes', '--json']);
    await gate.arrival(first);
    await first.killAll();
    gate.open(100);
    const second = await library.apply();
    assertExit(second, 0);
    const broken = linesOf(second, 'notice').find(({ code }) => code === 'LEDGER_LOCK_BROKEN');
    assert.match(broken?.text ?? '', new RegExp(`process ${first.pid} `));
  },
);
