import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  audio,
  entry,
  fileOf,
  ledger,
  opusRecipe,
  outputSet,
  path,
  plan,
  recipe160,
  rows,
  setWith,
  sha,
  source,
  stat,
  tags,
} from '../support/plan-case.js';

const song = source('a.flac');
const made = entry('a.flac');
suite('wanted, no row', () => {
  test('nothing there: create', () => {
    assert.deepEqual(rows(plan({ sources: [song] })), ['create: no-output']);
  });

  test('source unreadable: error, whatever else is true', () => {
    const problem = { code: 'SOURCE_UNREADABLE', text: 'EACCES: permission denied' } as const;
    const made1 = plan({ sources: [{ ...song, identity: undefined, problem }], entries: [made] });
    assert.deepEqual(rows(made1), ['error: source-unreadable']);
    assert.equal(
      made1.changes[0]?.reasons[0]?.text,
      'source unreadable: EACCES: permission denied',
    );
  });

  test('a file that no row knows: conflict, and it is left alone', () => {
    const made1 = plan({ sources: [song], disk: [[made.path, { kind: 'file', stat: stat(9) }]] });
    assert.deepEqual(rows(made1), ['conflict: not-managed']);
  });

  test('a file that no row knows, --overwrite-unmanaged: create', () => {
    const made1 = plan({
      sources: [song],
      disk: [[made.path, { kind: 'file', stat: stat(9) }]],
      input: { overwriteUnmanaged: true },
    });
    assert.deepEqual(rows(made1), ['create: not-managed']);
  });

  test('a folder in the way is a conflict even with --overwrite-unmanaged', () => {
    const made1 = plan({
      sources: [song],
      disk: [[made.path, { kind: 'other', text: 'a folder' }]],
      input: { overwriteUnmanaged: true },
    });
    assert.deepEqual(rows(made1), ['conflict: not-managed']);
  });

  test('the file that an interrupted run had staged: adopt', () => {
    const staged = new Map([[made.path, { entry: made, part: path('/out/.a.f2a-part') }]]);
    const file = { kind: 'file', stat: stat(9), sha256: made.output.sha256 } as const;
    const made1 = plan({
      sources: [song],
      ledger: ledger([], { staged }),
      disk: [[made.path, file]],
    });
    assert.deepEqual(rows(made1), ['adopt: finished-by-interrupted-run']);
  });

  test('a staged path that holds other bytes: conflict', () => {
    const staged = new Map([[made.path, { entry: made, part: path('/out/.a.f2a-part') }]]);
    const file = { kind: 'file', stat: stat(9), sha256: sha('b') } as const;
    const made1 = plan({
      sources: [song],
      ledger: ledger([], { staged }),
      disk: [[made.path, file]],
    });
    assert.deepEqual(rows(made1), ['conflict: not-managed']);
  });
});

suite('conflicts between sources', () => {
  test('two sources, one path: both are conflicts that name the other', () => {
    const set = outputSet({ layout: 'flat' });
    const one = source('x/a.flac');
    const two = source('y/a.flac');
    const made1 = plan({
      desired: [one, two].map((fact) => ({
        output: path('/out/a.opus'),
        set,
        source: fact,
        sidecar: false,
      })),
    });
    assert.deepEqual(rows(made1), ['conflict: path-conflict', 'conflict: path-conflict']);
    assert.equal(made1.changes[0]?.reasons[0]?.text, 'also wanted by /in/y/a.flac');
  });

  test('paths that differ in case only, or in Unicode form only, are one path', () => {
    for (const [left, right] of [
      ['Song.flac', 'song.flac'],
      ['caf\u00E9.flac', 'cafe\u0301.flac'],
    ] as const) {
      const made1 = plan({ sources: [source(left), source(right)] });
      assert.deepEqual(rows(made1), ['conflict: path-conflict', 'conflict: path-conflict']);
    }
  });
});

suite('wanted, with a row', () => {
  test('all as it was: nothing to do', () => {
    const made1 = plan({ sources: [song], entries: [made], disk: [fileOf(made)] });
    assert.deepEqual(rows(made1), []);
    assert.equal(made1.counts.noop, 1);
  });

  test('all as it was, and made again as asked: update', () => {
    const current = { sources: [song], entries: [made], disk: [fileOf(made)] };
    assert.deepEqual(rows(plan({ ...current, input: { force: true } })), ['update: forced']);
  });

  test('output missing: create', () => {
    assert.deepEqual(rows(plan({ sources: [song], entries: [made] })), ['create: output-missing']);
  });

  test('output touched, same content: hidden touch', () => {
    const file = { kind: 'file', stat: stat(100, 9), sha256: made.output.sha256 } as const;
    const made1 = plan({ sources: [song], entries: [made], disk: [[made.path, file]] });
    assert.deepEqual(rows(made1), ['touch: output-touched']);
  });

  test('output changed outside: drift by default, repair when the policy says so', () => {
    const file = { kind: 'file', stat: stat(100, 9), sha256: sha('b') } as const;
    const changed = { sources: [song], entries: [made], disk: [[made.path, file] as const] };
    assert.deepEqual(rows(plan(changed)), ['drift: output-changed']);
    assert.deepEqual(rows(plan({ ...changed, policy: { onDrift: 'repair' } })), [
      'repair: output-changed',
    ]);
    assert.deepEqual(plan(changed).changes[0]?.reasons[0], {
      code: 'output-changed',
      text: 'output changed outside',
      old: sha('a'),
      new: sha('b'),
    });
  });

  test('output changed outside, policy accept: what it is now is recorded, or made again if stale', () => {
    const file = { kind: 'file', stat: stat(100, 9), sha256: sha('b') } as const;
    const changed = { sources: [song], entries: [made], disk: [[made.path, file] as const] };
    const policy = { onDrift: 'accept' } as const;
    const accepted = plan({ ...changed, policy });
    assert.deepEqual(rows(accepted), ['adopt: output-changed']);
    assert.equal(accepted.changes[0]?.entry?.output.sha256, sha('b'));
    assert.deepEqual(rows(plan({ ...changed, outputs: [setWith(recipe160)], policy })), [
      'update: output-changed, option-changed',
    ]);
  });

  test('a folder where the output was is drift and never repaired', () => {
    const made1 = plan({
      sources: [song],
      entries: [made],
      disk: [[made.path, { kind: 'other', text: 'a folder' }]],
      policy: { onDrift: 'repair' },
    });
    assert.deepEqual(rows(made1), ['drift: output-changed']);
  });

  test('audio changed: update, with what STREAMINFO says', () => {
    const longer = 'flac:a.flac/88200/44100/2/16' as typeof made.source.audioId;
    const fact = source('a.flac', {
      stat: stat(2000),
      identity: { audioId: longer, tagId: tags('t1') },
    });
    const made1 = plan({ sources: [fact], entries: [made], disk: [fileOf(made)] });
    assert.deepEqual(rows(made1), ['update: audio-changed']);
    assert.equal(
      made1.changes[0]?.reasons[0]?.text,
      'source audio changed: samples 44100 -> 88200',
    );
  });

  test('option changed: update that names the option and both values', () => {
    const made1 = plan({
      outputs: [setWith(recipe160)],
      sources: [song],
      entries: [made],
      disk: [fileOf(made)],
    });
    assert.deepEqual(rows(made1), ['update: option-changed']);
    const reason = made1.changes[0]?.reasons[0];
    assert.equal(reason?.text, 'option changed: bitrate 128 -> 160');
    assert.deepEqual([reason?.old, reason?.new], ['128', '160']);
  });

  test('encoder changed: only when the policy asks', () => {
    const encoders = new Map([['phone', 'opusenc 0.3']]);
    const upgraded = {
      sources: [song],
      entries: [made],
      disk: [fileOf(made)],
      input: { encoders },
    };
    assert.deepEqual(rows(plan(upgraded)), []);
    const asked = plan({ ...upgraded, policy: { rebuildOnEncoderChange: true } });
    assert.deepEqual(rows(asked), ['update: encoder-changed']);
    assert.equal(asked.changes[0]?.reasons[0]?.text, 'encoder opusenc 0.2 -> opusenc 0.3');
  });

  test('tags changed: retag; a changed tag option too', () => {
    const retagged = source('a.flac', {
      stat: stat(1001),
      identity: { audioId: audio('a.flac'), tagId: 'v:t2,p:x,c:-' as typeof made.source.tagId },
    });
    const made1 = plan({ sources: [retagged], entries: [made], disk: [fileOf(made)] });
    assert.deepEqual(rows(made1), ['retag: tags-changed']);
    assert.equal(made1.changes[0]?.reasons[0]?.text, 'tags changed: fields, pictures');
    const recipe = { ...opusRecipe, tags: { id3: '2.3' as const } };
    const made2 = plan({
      outputs: [setWith(recipe)],
      sources: [song],
      entries: [made],
      disk: [fileOf(made)],
    });
    assert.equal(made2.changes[0]?.reasons[0]?.text, 'tag option changed: tags.id3 2.4 -> 2.3');
  });

  test('every reason that applies is kept', () => {
    const fact = source('a.flac', { identity: { audioId: audio('other'), tagId: tags('t2') } });
    const made1 = plan({
      outputs: [setWith(recipe160)],
      sources: [fact],
      entries: [made],
      disk: [fileOf(made)],
    });
    assert.deepEqual(rows(made1), ['update: audio-changed, option-changed, tags-changed']);
  });

  test('source touched or read while young: hidden touch', () => {
    const touched = source('a.flac', { stat: stat(1000, 9) });
    assert.deepEqual(rows(plan({ sources: [touched], entries: [made], disk: [fileOf(made)] })), [
      'touch: source-touched',
    ]);
    const young = entry('a.flac', { source: { ...made.source, racy: true } });
    assert.deepEqual(rows(plan({ sources: [song], entries: [young], disk: [fileOf(young)] })), [
      'touch: source-touched',
    ]);
  });

  test('a damaged row: adopted by checksum, never overwritten', () => {
    const doubtful = entry('a.flac', { unverified: true });
    const file = (digit: string) =>
      ({ kind: 'file', stat: stat(100), sha256: sha(digit) }) as const;
    const same = plan({ sources: [song], entries: [doubtful], disk: [[made.path, file('a')]] });
    assert.deepEqual(rows(same), ['adopt: ledger-row-unverified']);
    const other = plan({ sources: [song], entries: [doubtful], disk: [[made.path, file('b')]] });
    assert.deepEqual(rows(other), ['conflict: not-managed']);
    const stale = plan({
      outputs: [setWith(recipe160)],
      sources: [song],
      entries: [doubtful],
      disk: [[made.path, file('a')]],
    });
    assert.deepEqual(rows(stale), ['update: ledger-row-unverified, option-changed']);
  });
});

test('--target plans only what it names', () => {
  const targeted = (output: string): boolean => output === '/out/a.opus';
  const other = entry('gone.flac');
  const made1 = plan({
    sources: [song, source('b.flac')],
    entries: [other],
    disk: [fileOf(other)],
    input: { targeted },
  });
  assert.deepEqual(rows(made1), ['create: no-output']);
});
