import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Entry, SourceRecord } from '#src/ledger/entry.js';
import { EntryMap } from '#src/ledger/entry-map.js';
import { ImageReader, ImageWriter } from '#src/ledger/image-parts.js';
import { isRow, RowCodec } from '#src/ledger/row.js';
import { storedPaths } from '#src/ledger/stored-path.js';
import { Tables } from '#src/ledger/tables.js';
import type { AbsolutePath, Sha256 } from '#src/lib/brand.js';
import type { StatKey } from '#src/lib/stat-key.js';
import type { AudioId, TagId } from '#src/sources/identity.js';
import { RECIPE } from '../support/ledger-rig.js';

const BASES = ['/music', '/', '/a/ü'];
const CHECKSUM = '00000000 ';

/** Few, so that they meet; some below the bases, some not, with all that JSON and bytes make hard. */
const NAMES = [
  'x.opus',
  'a/y.opus',
  'Some Album/01 - Title.opus',
  'Some Album/01 - Title.flac',
  'Some Álbum/01 - Title.mp3',
  'ü/Ä ö.opus',
  'ü/𝄞.opus',
  'ＡＢ.mp3',
  '\uFFFD.mp3',
  '\uD800.mp3',
  'it"s',
  'back\\slash',
  'new\nline',
  '\u0001',
  'z'.repeat(300),
  'z'.repeat(20_000),
];
const PATHS = [
  ...BASES,
  ...NAMES.flatMap((file) => ['/music', '/a/ü', ''].map((folder) => `${folder}/${file}`)),
].map((one) => one as AbsolutePath);

const path = fc.constantFrom(...PATHS);

/** Mostly what the program writes, sometimes what it does not. */
function mostly<T>(usual: fc.Arbitrary<T>, ...odd: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 20, arbitrary: usual },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );
}

const digit = fc.constantFrom(...'0123456789abcdef'.split(''));
const hex = mostly(
  fc.string({ unit: digit, minLength: 64, maxLength: 64 }),
  ...['', 'ABC', 'f'.repeat(63), 'F'.repeat(64)],
) as fc.Arbitrary<Sha256>;
const stat = mostly(
  fc.constantFrom('1:2:3:4', '10:-5:6:77', '', '1:1'),
  ...['odd', '1,2', '"'],
) as fc.Arbitrary<StatKey>;
const amount = mostly(fc.oneof(fc.nat(), fc.constantFrom(0, 0.5, 441_000)), 1e21, 1e-9, -1);
const name = mostly(fc.constantFrom('', 'phone', 'ü'), '"', 'a\\b');
const maybe = fc.option(fc.constant(true as const), { nil: undefined });

const entry: fc.Arbitrary<Entry> = fc
  .record({
    path,
    set: name,
    source: fc.record({
      path,
      stat,
      audioId: fc.constantFrom('flac:1/2/3', 'sha256:ü', '') as fc.Arbitrary<AudioId>,
      tagId: mostly(fc.constant('v:1'), '"') as fc.Arbitrary<TagId>,
      sha256: hex,
      racy: maybe,
    }),
    recipe: fc.constantFrom(RECIPE, { ...RECIPE, tags: { id3: '2.3' } as const }),
    encoder: fc.constantFrom('opusenc 0.2', ''),
    output: fc.record({ stat, sha256: hex, samples: amount }),
    made: fc.record({
      at: mostly(fc.constant('2024-05-01T12:00:00.000Z'), 'yesterday'),
      run: name,
      worker: name,
      ms: amount,
    }),
    unverified: maybe,
  })
  .map((row) => JSON.parse(JSON.stringify(row), revived) as Entry);

/** JSON drops what is `undefined`; the recipe stays the object that the tables know. */
function revived(key: string, value: unknown): unknown {
  if (key !== 'recipe') return value;
  return (value as Entry['recipe']).tags.id3 === '2.3' ? OTHER_RECIPE : RECIPE;
}

const OTHER_RECIPE: Entry['recipe'] = { ...RECIPE, tags: { id3: '2.3' } };

type Step =
  | { readonly kind: 'save' }
  | { readonly kind: 'load' | 'set'; readonly entry: Entry }
  | { readonly kind: 'delete' | 'unverify'; readonly path: AbsolutePath };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('load' as const), entry }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('set' as const), entry }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), path }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unverify' as const), path }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'save' } as const) },
);

/** Does the same to the map and to a plain one. */
class Twins {
  readonly plain = new Map<AbsolutePath, Entry>();
  readonly codec: RowCodec;
  map: EntryMap;
  packed = 0;
  readonly #stored: RowCodec;

  /** Rows are stored below one base and read below another, as when a folder was moved. */
  constructor(from: string, to: string) {
    const tables = new Tables();
    this.#stored = new RowCodec(storedPaths(from as AbsolutePath), tables);
    this.codec = new RowCodec(storedPaths(to as AbsolutePath), tables);
    this.map = new EntryMap(this.codec);
  }

  take(one: Step): void {
    switch (one.kind) {
      case 'load':
        return this.#load(one.entry);
      case 'set':
        this.plain.set(one.entry.path, one.entry);
        this.map.set(one.entry.path, one.entry);
        return;
      case 'delete':
        assert.equal(this.map.delete(one.path), this.plain.delete(one.path));
        return;
      case 'unverify': {
        const row = this.plain.get(one.path);
        const isNew = row !== undefined && row.unverified !== true;
        if (isNew) this.plain.set(one.path, { ...row, unverified: true });
        assert.equal(this.map.unverify(one.path), isNew);
        return;
      }
      case 'save':
        return this.#save();
    }
  }

  /** Goes on with what an image of the map comes to. */
  #save(): void {
    const image = new ImageWriter();
    const others = [...this.map.save(image)];
    const file = Buffer.concat(image.parts);
    this.map = new EntryMap(this.codec);
    this.map.restore(new ImageReader(file, 0));
    for (const row of others) this.map.set(row.path, row);
  }

  #load(row: Entry): void {
    const text = JSON.stringify(this.#stored.entryRow(row));
    const line = Buffer.from(`${CHECKSUM}${text}`);
    const stored = JSON.parse(text) as never;
    assert.ok(isRow(stored) && stored[0] === 'entry');
    const read = this.codec.entry(stored);
    assert.ok(read !== undefined);
    this.plain.set(read.path, read);
    const isPlain = !line.includes('\uFFFD');
    if (isPlain && this.map.pack(Buffer.concat([line, Buffer.from('\n')]), 0, line.length))
      this.packed += 1;
    else this.map.set(read.path, read);
  }
}

function byPath(rows: Iterable<Entry>): readonly Entry[] {
  return [...rows].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function texts(records: readonly SourceRecord[]): readonly string[] {
  const all = records.map(({ path: at, stat: is, audioId, tagId, sha256, racy }) =>
    JSON.stringify([at, is, audioId, tagId, sha256, racy]),
  );
  return [...new Set(all)].toSorted();
}

test('rows that are packed are the rows that they were', () => {
  let packed = 0;
  const base = fc.constantFrom(...BASES);
  fc.assert(
    fc.property(base, base, fc.array(step, { maxLength: 40, size: 'max' }), (from, to, steps) => {
      const twins = new Twins(from, to);
      for (const one of steps) {
        twins.take(one);
        assert.equal(twins.map.size, twins.plain.size);
      }
      packed += twins.packed;
      const { map, plain } = twins;
      assert.deepEqual(byPath(map.values()), byPath(plain.values()));
      assert.deepEqual([...map.keys()].toSorted(), [...plain.keys()].toSorted());
      assert.deepEqual(new Map(map), new Map(byPath(map.values()).map((row) => [row.path, row])));
      const counts = ({ tags }: Entry['recipe']) => tags.id3 === '2.3';
      const recorded = map.recordedSources(counts);
      for (const one of PATHS) {
        const row = plain.get(one);
        assert.deepEqual(map.get(one), row);
        assert.equal(map.has(one), row !== undefined);
        const glance = map.glance(one);
        assert.deepEqual(
          glance && [glance.set, glance.recipe, glance.encoder, glance.unverified, glance.stat],
          row && [row.set, row.recipe, row.encoder, row.unverified, row.output.stat],
        );
        assert.deepEqual(texts(glance ? [glance.source] : []), texts(row ? [row.source] : []));
        const made = [...plain.values()].filter(
          ({ source, recipe }) => source.path === one && counts(recipe),
        );
        assert.deepEqual(texts(recorded(one)), texts(made.map(({ source }) => source)));
      }
      const some = PATHS.filter((_, index) => index % 3 === 0);
      const rest = [...plain.values()].filter((row) => !some.includes(row.path));
      assert.deepEqual(byPath(map.without(some)), byPath(rest));
    }),
    { numRuns: 400 },
  );
  assert.ok(packed > 100, `${packed} rows were packed`);
});

test('a line that is no plain row is not packed', () => {
  const codec = new RowCodec(storedPaths('/music' as AbsolutePath), new Tables());
  const row: Entry = {
    path: '/music/a.opus' as AbsolutePath,
    set: 'phone',
    source: {
      path: '/music/a.flac' as AbsolutePath,
      stat: '1:2:3:4' as StatKey,
      audioId: 'flac:1' as AudioId,
      tagId: 'v:1' as TagId,
      sha256: '0'.repeat(64) as Sha256,
    },
    recipe: RECIPE,
    encoder: 'opusenc 0.2',
    output: { stat: '1:2:3:4' as StatKey, sha256: '1'.repeat(64) as Sha256, samples: 1 },
    made: { at: '2024-05-01T12:00:00.000Z', run: 'r', worker: 'w', ms: 2 },
  };
  const text = JSON.stringify(codec.entryRow(row));
  const packs = (line: string): boolean =>
    new EntryMap(codec).pack(Buffer.from(`${CHECKSUM}${line}\n`), 0, CHECKSUM.length + line.length);
  assert.ok(packs(text));
  for (let at = 0; at < text.length; at += 1) {
    assert.ok(!packs(text.slice(0, at)), `cut at ${at}`);
    const broken = text.slice(0, at) + text.slice(at + 1);
    if (packs(broken)) assert.ok(isRow(JSON.parse(broken) as never), `without ${at}`);
  }
  const odd = [',1,', ',01,', ',1.,', ',.5,', ',1e3,', ',-1,', ',"1",', ',true,', ',,'];
  const taken = odd.filter((number) => packs(text.replace(',1,', number)));
  assert.deepEqual(taken, [',1,']);
  assert.ok(!packs(text.replace('entry', 'gone')));
  assert.ok(!packs(`${text} `));
  assert.ok(!packs(text.replace(/""\]$/, '"x"]')), 'unknown flags');
  const stranger = new RowCodec(codec.paths, new Tables());
  assert.ok(!new EntryMap(stranger).pack(Buffer.from(`${CHECKSUM}${text}\n`), 0, text.length + 9));
});
