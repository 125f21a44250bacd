import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { AbsolutePath, Sha256 } from '#src/lib/brand.js';
import { lastChangeNs } from '#src/lib/stat-key.js';
import type { StatKey } from '#src/lib/stat-key.js';
import type { AudioId, TagId } from '#src/sources/identity.js';
import { trustedRecord } from '#src/sources/known-source.js';
import type { KnownSource } from '#src/sources/known-source.js';
import { isRacySource } from '#src/task/seal.js';

const MS = 1_000_000n;
const SECOND = 1000n * MS;
const IDENTITY = { audioId: 'flac:same/1/1/1/1' as AudioId, tagId: 'v:-,p:-,c:-' as TagId };
const START = 1_700_000_000n * SECOND;

/** How fine the times of a file system are: of ext4 now and then, of network disks, of FAT. */
const GRANULARITIES = [1n, 4n * MS, 10n * MS, SECOND, 2n * SECOND] as const;

/** A file system whose clock is that coarse, and that far from the one of this machine. */
interface World {
  readonly granularityNs: bigint;
  readonly aheadNs: bigint;
}

/** The stat of a file that is written at that time: same size, same inode, so only times can tell. */
function write(atNs: bigint, { granularityNs, aheadNs }: World): StatKey {
  const time = ((atNs + aheadNs) / granularityNs) * granularityNs;
  return `1000:${time}:${time}:7` as StatKey;
}

/** What a worker records that read the file at that time, and wrote its part file then. */
function record(stat: StatKey, atNs: bigint, world: World): KnownSource {
  const partNs = lastChangeNs(write(atNs, world));
  const racy = isRacySource(stat, { localNs: atNs, partNs });
  const path = '/music/a.flac' as AbsolutePath;
  return { ...IDENTITY, path, stat, sha256: '0'.repeat(64) as Sha256, ...(racy ? { racy } : {}) };
}

const world: fc.Arbitrary<World> = fc.record({
  granularityNs: fc.constantFrom(...GRANULARITIES),
  // An hour behind, or in the future.
  aheadNs: fc.oneof(
    fc.constant(0n),
    fc.bigInt(-3600n * SECOND, 3600n * SECOND),
    fc.bigInt(-5n * SECOND, 5n * SECOND),
  ),
});
const delay = fc.oneof(fc.bigInt(0n, 5n * SECOND), fc.bigInt(0n, 20n * MS), fc.constant(0n));

test('no edit is missed, however coarse and wrong the clock of the disk is', () => {
  const property = fc.property(world, delay, delay, (disk, readAfter, editAfter) => {
    const readAt = START + readAfter;
    const known = record(write(START, disk), readAt, disk);
    const edited = write(readAt + editAfter, disk);
    assert.equal(trustedRecord(edited, [known]), undefined, `${edited} after ${known.stat}`);
  });
  fc.assert(property, { numRuns: 20_000 });
});

test('a file that nobody touches is believed in the end, whatever the clock', () => {
  const property = fc.property(world, (disk) => {
    const known = record(write(START, disk), START + 7200n * SECOND, disk);
    assert.ok(trustedRecord(known.stat, [known]) !== undefined);
  });
  fc.assert(property, { numRuns: 2000 });
});
