import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { readAllowList } from '#src/cluster/allow-list.js';
import { addWorkerKey, ensureMasterKey, revokeWorkerKey } from '#src/cluster/cluster-key.js';
import {
  clusterKeyFile,
  isMasterKey,
  keyFolder,
  readKey,
  workerKey,
} from '#src/cluster/key-file.js';
import type { ClusterKey } from '#src/cluster/key-file.js';
import { toZ85, Z85_KEY } from '#src/cluster/z85.js';
import type { Failure } from '#src/lib/failure.js';
import type { Result } from '#src/lib/result.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function valueOf<T>(result: Result<T, Failure>): T {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function codeOf(result: Result<unknown, Failure>): string {
  return result.ok ? 'ok' : result.error.code;
}

describe('Z85', () => {
  it('is that of RFC 32', () => {
    const bytes = Uint8Array.of(0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b);
    assert.equal(toZ85(bytes), 'HelloWorld');
  });

  it('writes every key so that it is known as one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        assert.match(toZ85(bytes), Z85_KEY);
      }),
    );
  });
});

describe('the key of a cluster', () => {
  it('is made at its first use, for its user alone, and then kept', (t) => {
    const folder = join(temporaryFolder(t), 'flac2all');
    const first = valueOf(ensureMasterKey(folder));
    const second = valueOf(ensureMasterKey(folder));
    assert.deepEqual([first.isNew, second.isNew], [true, false]);
    assert.deepEqual(second.key, first.key);
    assert.equal(statSync(clusterKeyFile(folder)).mode & 0o777, 0o600);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.ok(isMasterKey(first.key));
    assert.deepEqual(valueOf(workerKey(folder, undefined)), first.key);
  });

  it('is refused when others may read it', (t) => {
    const folder = temporaryFolder(t);
    valueOf(ensureMasterKey(folder));
    chmodSync(clusterKeyFile(folder), 0o640);
    assert.equal(codeOf(ensureMasterKey(folder)), 'KEY_UNSAFE');
    assert.equal(codeOf(workerKey(folder, undefined)), 'KEY_UNSAFE');
  });

  it('is refused when it is something else, and never replaced', (t) => {
    const folder = temporaryFolder(t);
    for (const text of ['', 'null', '[]', '{"server":"x"}', 'not json', '\0\0']) {
      writeFileSync(clusterKeyFile(folder), text, { mode: 0o600 });
      assert.equal(codeOf(ensureMasterKey(folder)), 'KEY_UNREADABLE', text);
      assert.equal(readFileSync(clusterKeyFile(folder), 'utf8'), text);
    }
  });

  it('that is missing is told to a worker', (t) => {
    const missing = workerKey(temporaryFolder(t), undefined);
    assert.ok(!missing.ok);
    assert.match(missing.error.hint ?? '', /flac2all keys add/);
  });

  it('is where the user keeps configurations', () => {
    assert.equal(keyFolder({}, '/home/me'), '/home/me/.config/flac2all');
    assert.equal(keyFolder({ XDG_CONFIG_HOME: '/etc/me' }, '/home/me'), '/etc/me/flac2all');
    assert.equal(keyFolder({ XDG_CONFIG_HOME: 'odd' }, '/home/me'), '/home/me/.config/flac2all');
  });
});

describe('a key of a worker', () => {
  const add = (folder: string, name: string): Result<void, Failure> =>
    addWorkerKey(folder, { name, file: join(folder, `${name}.key`) });
  const names = (folder: string): readonly string[] =>
    valueOf(readAllowList(folder)).map(({ name }) => name);

  it('opens the master’s door and is no master’s itself', (t) => {
    const folder = temporaryFolder(t);
    valueOf(add(folder, 'attic'));
    const key = valueOf(readKey(join(folder, 'attic.key'))) as ClusterKey;
    const master = valueOf(ensureMasterKey(folder)).key;
    assert.equal(key.serverKey, master.publicKey);
    assert.ok(!isMasterKey(key));
    const listed = valueOf(readAllowList(folder));
    assert.deepEqual(listed, [{ name: 'attic', publicKey: key.publicKey }]);
  });

  it('cannot be used by a master', (t) => {
    const folder = temporaryFolder(t);
    valueOf(add(folder, 'attic'));
    const other = temporaryFolder(t);
    writeFileSync(clusterKeyFile(other), readFileSync(join(folder, 'attic.key')), { mode: 0o600 });
    assert.equal(codeOf(ensureMasterKey(other)), 'KEY_NOT_MASTER');
  });

  it('has a name of its own, until it is revoked', (t) => {
    const folder = temporaryFolder(t);
    valueOf(add(folder, 'attic'));
    valueOf(add(folder, 'cellar'));
    assert.equal(codeOf(add(folder, 'attic')), 'KEY_NAME_TAKEN');
    valueOf(revokeWorkerKey(folder, 'attic'));
    assert.deepEqual(names(folder), ['cellar']);
    assert.equal(codeOf(revokeWorkerKey(folder, 'attic')), 'KEY_NAME_UNKNOWN');
  });

  it('is let in by nothing when the list is damaged', (t) => {
    const folder = temporaryFolder(t);
    valueOf(add(folder, 'attic'));
    writeFileSync(join(folder, 'workers.allowed'), 'attic\n');
    const read = readAllowList(folder);
    assert.ok(!read.ok);
    assert.match(read.error.message, /line 1/);
  });

  it('is never written over a file', (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(join(folder, 'attic.key'), 'mine');
    assert.equal(codeOf(add(folder, 'attic')), 'KEY_UNWRITABLE');
    assert.deepEqual(names(folder), []);
    assert.equal(readFileSync(join(folder, 'attic.key'), 'utf8'), 'mine');
  });
});
