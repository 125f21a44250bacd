import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Library } from '../support/library.js';
import { assertExit } from '../support/rig.js';
import type { Run } from '../support/rig.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A master that encodes nothing itself, on all addresses of this machine. */
async function startMaster(
  library: Library,
): Promise<{ readonly master: Run; readonly endpoint: string }> {
  library.track('a.flac');
  library.track('b.flac');
  library.manifest({
    outputs: [{ codec: 'opus', to: './out' }],
  });
  const master = library.start(['apply', '-m', '--bind', 'tcp://*:*', '--yes', '--json']);
  for (let count = 1; ; count += 1) {
    const notice = await master.line('notice', count);
    const endpoint = /tcp:\S+/.exec(notice.code === 'CLUSTER_LISTENING' ? notice.text : '')?.[0];
    if (endpoint === undefined) continue;
    return { master, endpoint: endpoint.replace('0.0.0.0', '127.0.0.1') };
  }
}

function withKeys(test: TestContext): { readonly library: Library; readonly keys: string } {
  const keys = temporaryFolder(test);
  return { library: new Library(test, { XDG_CONFIG_HOME: keys }), keys };
}

test('a worker of another machine joins by its key, and without one is told so', async (context) => {
  const { library } = withKeys(context);
  const { master, endpoint } = await startMaster(library);
  const stranger = withKeys(context);
  const join = ['worker', '--connect', endpoint, '--key'];
  assertExit(await stranger.library.run(['keys']), 0);
  const refused = await stranger.library.run([...join, 'missing.key']);
  assertExit(refused, 1);
  assert.match(refused.stderr, /there is no key .*missing\.key/);
  const added = await library.run(['keys', 'add', 'attic', '--out', 'attic.key']);
  assertExit(added, 0);
  assertExit(await library.run([...join, 'attic.key', '-j1']), 0);
  const applied = await master.finished;
  assertExit(applied, 0);
  assert.deepEqual(Object.keys(library.outputs()), ['a.opus', 'b.opus']);
  assertExit(await library.plan(), 0);
});

test('a key that was revoked opens no more', async (context) => {
  const { library, keys } = withKeys(context);
  assertExit(await library.run(['keys', 'add', 'attic', '--out', 'attic.key']), 0);
  assertExit(await library.run(['keys', 'revoke', 'attic']), 0);
  const { master, endpoint } = await startMaster(library);
  const refused = await library.run(['worker', '--connect', endpoint, '--key', 'attic.key']);
  assertExit(refused, 1);
  assert.match(refused.stderr, /does not know this worker's key/);
  const own = join(keys, 'flac2all/cluster.key');
  assertExit(await library.run(['worker', '--connect', endpoint, '--key', own]), 0);
  assertExit(await master.finished, 0);
});
