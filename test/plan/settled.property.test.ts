import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Entry } from '#src/ledger/entry.js';
import { ADOPTED_RECIPE, REPLACED_RECIPE } from '#src/ledger/adopted.js';
import type { AbsolutePath } from '#src/lib/brand.js';
import type { Recipe } from '#src/manifest/manifest.js';
import type { Desired } from '#src/plan/action.js';
import type { DiskFact, DiskView } from '#src/plan/disk-fact.js';
import type { PlanInput } from '#src/plan/make-plan.js';
import { decideAll, makePlan, noCounts } from '#src/plan/make-plan.js';
import { settledAmong } from '#src/plan/settled.js';
import { SIDECAR_RECIPE } from '#src/plan/sidecar.js';
import { sourceTagId, withFolderPicture } from '#src/sources/folder-picture.js';
import { trustedRecord } from '#src/sources/known-source.js';
import {
  entry,
  fileOf,
  opusRecipe,
  outputSet,
  path,
  planInput,
  rows,
  sha,
  source,
  stat,
} from '../support/plan-case.js';

const FILES = ['a.flac', 'b.flac', 'A.flac'];
const OTHER = {
  bitrate: { ...opusRecipe, audio: { ...opusRecipe.audio, options: { bitrate: 160 } } },
  pictures: { ...opusRecipe, tags: { id3: '2.4', pictures: { fromFolder: ['cover.jpg'] } } },
} as const;
const RECIPES = [opusRecipe, { ...opusRecipe }, OTHER.bitrate, OTHER.pictures] as const;

/** Mostly the first. */
function mostly<T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 15, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

/** A file, what is recorded of it, and what stands where its output belongs. */
interface Track {
  readonly row: Entry | undefined;
  readonly wanted: Desired | undefined;
  readonly there: DiskFact | undefined;
}

function track(rel: string, other: string): fc.Arbitrary<Track> {
  const plain = entry(rel);
  const tagIds = [plain.source.tagId, withFolderPicture(plain.source.tagId, '-')] as const;
  return fc
    .record({
      source: fc.record({
        path: mostly(plain.source.path, entry(other).source.path),
        stat: mostly(stat(1000), stat(1001)),
        audioId: mostly(plain.source.audioId, entry(other).source.audioId),
        tagId: mostly(...tagIds),
        sha256: fc.constant(sha('5')),
        racy: mostly<true | undefined>(undefined, true),
      }),
      set: mostly('phone', 'car'),
      recipe: mostly<Recipe | 'the same'>('the same', ...RECIPES, ADOPTED_RECIPE, REPLACED_RECIPE),
      encoder: mostly('opusenc 0.2', 'opusenc 0.3', 'unknown'),
      unverified: mostly<true | undefined>(undefined, true),
      hasRow: mostly(true, false),
      isWanted: mostly(true, false),
      output: mostly(plain.path, entry(other).path),
      wantedRecipe: fc.constantFrom(...RECIPES),
      cover: mostly(false, true),
      isSidecar: mostly(false, true),
      isUnreadable: mostly(false, true),
      there: mostly<DiskFact | undefined>(
        { kind: 'file', stat: plain.output.stat },
        { kind: 'file', stat: stat(101), sha256: sha('a') },
        { kind: 'file', stat: stat(101), sha256: sha('b') },
        { kind: 'file', stat: plain.output.stat, alias: entry(other).path },
        { kind: 'other', text: 'a folder' },
        undefined,
      ),
    })
    .map((one) => {
      const { source: record, set, encoder, unverified } = one;
      const recipe = one.recipe === 'the same' ? one.wantedRecipe : one.recipe;
      const row: Entry | undefined = one.hasRow
        ? { ...plain, source: record, set, recipe, encoder, ...(unverified ? { unverified } : {}) }
        : undefined;
      const known = row?.source.path === plain.source.path ? [row.source] : [];
      const recorded = trustedRecord(stat(1000), known);
      const identity = recorded && {
        audioId: recorded.audioId,
        tagId: sourceTagId(recorded.tagId),
      };
      const problem = { code: 'SOURCE_UNREADABLE', text: 'EACCES' } as const;
      const fact = source(rel, {
        ...(identity === undefined ? {} : { identity, recorded }),
        ...(one.isUnreadable ? { identity: undefined, recorded: undefined, problem } : {}),
      });
      const profile = { ...outputSet().profile, recipe: one.wantedRecipe };
      const wanted: Desired | undefined = one.isWanted
        ? {
            output: one.output,
            set: outputSet({ profile }),
            source: fact,
            sidecar: one.isSidecar,
            ...(one.cover ? { folderPicture: source('cover.jpg') } : {}),
          }
        : undefined;
      return { row, wanted, there: one.there };
    });
}

const library = fc.tuple(
  track('a.flac', 'b.flac'),
  track('b.flac', 'a.flac'),
  track('A.flac', 'a.flac'),
);

const given = fc.record({
  library,
  force: mostly(false, true),
  encoder: mostly<string | undefined>(undefined, 'opusenc 0.2', 'opusenc 0.3'),
  target: mostly<string | undefined>(undefined, '/out/a.opus', '/in/b.flac'),
  knows: fc.boolean(),
});

function inputOf(one: typeof given extends fc.Arbitrary<infer T> ? T : never): PlanInput {
  const rows = one.library.flatMap(({ row }) => row ?? []);
  const facts = new Map<AbsolutePath, DiskFact>();
  one.library.forEach(({ there }, index) => {
    if (there !== undefined) facts.set(entry(FILES[index] ?? '').path, there);
  });
  const { target, encoder } = one;
  return planInput({
    desired: one.library.flatMap(({ wanted }) => wanted ?? []),
    entries: rows,
    policy: { rebuildOnEncoderChange: encoder !== undefined },
    input: {
      disk: one.knows ? knowing(facts, rows) : facts,
      force: one.force,
      ...(encoder === undefined ? {} : { encoders: new Map([['phone', encoder]]) }),
      ...(target === undefined
        ? {}
        : { targeted: (output, from) => output === target || from === target }),
    },
  });
}

/** A disk that was compared with the ledger already. */
function knowing(facts: ReadonlyMap<AbsolutePath, DiskFact>, rows: readonly Entry[]): DiskView {
  return {
    get: (one) => facts.get(one),
    isAsRecorded: (one) => {
      const there = facts.get(one);
      const row = rows.find((each) => each.path === one);
      return there?.kind === 'file' && there.stat === row?.output.stat && !there.alias;
    },
  };
}

/** The same, each output decided about. */
function withoutRecords(input: PlanInput): PlanInput {
  const desired = input.desired.map((wanted) => ({
    ...wanted,
    source: { ...wanted.source, recorded: undefined },
  }));
  return { ...input, desired };
}

test('outputs that need no decision are those of which it would say that they are up to date', () => {
  let settled = 0;
  fc.assert(
    fc.property(given, (one) => {
      const input = inputOf(one);
      const decided = withoutRecords(input);
      const short = makePlan(input);
      const long = makePlan(decided);
      assert.deepEqual(short.counts, long.counts);
      assert.deepEqual(short.changes.map(withoutRecord), long.changes.map(withoutRecord));
      const counts = noCounts();
      for (const { action } of decideAll(input)) counts[action] += 1;
      assert.deepEqual(counts, long.counts);
      settled += input.desired.filter(settledAmong(input)).length;
    }),
    { numRuns: 1500 },
  );
  assert.ok(settled > 500, `${settled} were settled`);
});

function withoutRecord(change: ReturnType<typeof makePlan>['changes'][number]): unknown {
  const { desired, ...rest } = change;
  return {
    ...rest,
    desired: desired && { ...desired, source: { ...desired.source, recorded: 0 } },
  };
}

test('a playlist that was copied as it was, by a set that copies, is to be rewritten', () => {
  const profile = {
    name: 'copy',
    codec: 'copy',
    extension: 'm3u',
    recipe: SIDECAR_RECIPE,
  } as const;
  const row = { ...entry('a.m3u'), recipe: SIDECAR_RECIPE };
  const fact = source('a.m3u', { recorded: row.source });
  const playlist = { content: '', warnings: [] };
  const set = outputSet({ profile });
  const wanted = { output: row.path, set, source: fact, sidecar: true, playlist };
  const input = planInput({ desired: [wanted], entries: [row], disk: [fileOf(row)] });
  assert.deepEqual(rows(makePlan(input)), ['update: option-changed']);
});

test('a file that nobody could look at is not taken for the recorded one', () => {
  const row = entry('a.flac');
  const input = planInput({
    entries: [row],
    sources: [source('a.flac', { recorded: row.source })],
    disk: [[path('/out/a.opus'), { kind: 'other', text: 'a folder' }]],
  });
  assert.deepEqual(input.desired.map(settledAmong(input)), [false]);
});
