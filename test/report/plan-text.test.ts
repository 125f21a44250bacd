import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change, Reason } from '#src/plan/action.js';
import { summarizePlan } from '#src/report/plan-summary.js';
import { reasonText, renderPlan, shownPath } from '#src/report/plan-text.js';
import { plainPalette } from '#src/report/terminal.js';
import { change, counts } from '../support/events.js';

const options = { base: '/music', full: false, palette: plainPalette };
const none: Reason = { code: 'no-output', text: 'no output yet' };

function rows(count: number): readonly Change[] {
  return Array.from({ length: count }, (_, index) =>
    change('create', `/music/phone/${index + 1}.opus`, none),
  );
}

test('groups by action and reason, in the order of the plan', () => {
  const changes = [
    change('conflict', '/elsewhere/x.opus', {
      code: 'not-managed',
      text: 'exists but is not managed: adopt, or --overwrite-unmanaged',
    }),
    change('delete', '/music/phone/gone.opus', { code: 'source-removed', text: 'source removed' }),
    change('update', '/music/phone/b.opus', {
      code: 'option-changed',
      text: 'option changed: bitrate',
      old: '128',
      new: '160',
    }),
    change('noop', '/music/phone/n.opus', { code: 'up-to-date', text: 'up to date' }),
    change(
      'update',
      '/music/phone/c.opus',
      { code: 'audio-changed', text: 'source audio changed' },
      { code: 'encoder-changed', text: 'encoder', old: '1.4', new: '1.5.2' },
    ),
    ...rows(2),
    change('update', '/music/phone/e\nf.opus', {
      code: 'option-changed',
      text: 'option changed: bitrate',
      old: '128',
      new: '160',
    }),
  ];
  const text = renderPlan(
    changes,
    counts({ create: 2, update: 3, delete: 1, conflict: 1, noop: 240 }),
    options,
  );
  assert.equal(
    text,
    `2 to create
  no output yet
    + phone/1.opus
    + phone/2.opus

3 to update
  option changed: bitrate 128 -> 160
    ~ phone/b.opus
    ~ phone/e\\nf.opus
  source audio changed
  encoder: 1.4 -> 1.5.2
    ~ phone/c.opus

1 to delete
  source removed
    - phone/gone.opus

1 conflict
  exists but is not managed: adopt, or --overwrite-unmanaged
    ! /elsewhere/x.opus

Plan: 2 to create, 3 to update, 1 to delete, 1 conflict; 240 up to date.
`,
  );
});

test('tells long groups by their folders unless all of it is asked for', () => {
  const all = counts({ create: 1213 });
  const folded = renderPlan(rows(1213), all, options).split('\n');
  assert.deepEqual(folded.slice(0, 3), [
    '1,213 to create',
    '  no output yet',
    '    + phone/ (1,213 outputs)',
  ]);
  const full = renderPlan(rows(1213), all, { ...options, full: true });
  assert.equal(full.match(/ {4}\+ /gu)?.length, 1213);
  assert.doesNotMatch(full, /--full/u);
});

test('many folders are told by the folder that they are in', () => {
  const changes = Array.from({ length: 60 }, (_, at) =>
    change('create', `/music/${at % 2 === 0 ? 'car' : 'phone'}/artist ${at}/1.opus`, none),
  );
  const lines = renderPlan(changes, counts({ create: 60 }), options).split('\n');
  assert.deepEqual(lines.slice(2, 4), ['    + car/ (30 outputs)', '    + phone/ (30 outputs)']);
});

test('what a plan takes is told last, and its time only where it is known', () => {
  const cost = {
    sourceBytes: 2048,
    audioSeconds: 90,
    deletedBytes: 1024,
    workMs: 60_000,
    workers: 2,
  };
  const last = (workMs: number | null): readonly string[] =>
    renderPlan(rows(1), counts({ create: 1 }), { ...options, cost: { ...cost, workMs } })
      .trimEnd()
      .split('\n')
      .slice(-2);
  assert.deepEqual(last(60_000), [
    'To convert: 1m 30s of audio, 2 KiB; about 30s on 2 workers.',
    'To delete: 1 KiB.',
  ]);
  assert.deepEqual(last(null), ['To convert: 1m 30s of audio, 2 KiB.', 'To delete: 1 KiB.']);
});

test('folds many different reasons too', () => {
  const changes = rows(50).map((row, index) => ({
    ...row,
    reasons: [{ ...none, text: `reason ${index}` }],
  }));
  const lines = renderPlan(changes, counts({ create: 50 }), options).split('\n');
  assert.equal(lines.filter((line) => line.includes('+')).length, 20);
  assert.ok(lines.includes('  … and 30 more (--full)'));
});

test('sums up in one line', () => {
  const cases = [
    [{ noop: 240 }, 'No changes. 240 outputs are up to date.'],
    [{ noop: 1 }, 'No changes. 1 output is up to date.'],
    [
      { noop: 3, touch: 1, orphan: 5 },
      'No changes. 4 outputs are up to date, 5 no longer wanted (prune is off).',
    ],
    [
      { create: 1200, conflict: 2, noop: 24_011 },
      'Plan: 1,200 to create, 2 conflicts; 24,011 up to date.',
    ],
    [{ drift: 1, error: 1, skip: 2 }, 'Plan: 1 changed outside, 1 error, 2 skipped; 0 up to date.'],
  ] as const;
  for (const [some, text] of cases) assert.equal(summarizePlan(counts(some)), text);
});

test('a path is shown relative to the base only where it is inside', () => {
  assert.equal(shownPath('/music/a/b.opus', '/music'), 'a/b.opus');
  assert.equal(shownPath('/music/..a/b.opus', '/music'), '..a/b.opus');
  assert.equal(shownPath('/musical/b.opus', '/music'), '/musical/b.opus');
  assert.equal(shownPath('/music', '/music'), '/music');
});

test('a reason shows what was and what is, digests by their first digits', () => {
  const digests = { old: 'ab12'.repeat(16), new: '98cd'.repeat(16) };
  assert.equal(
    reasonText({ code: 'output-changed', text: 'output changed outside', ...digests }),
    'output changed outside: ab12ab12… -> 98cd98cd…',
  );
  assert.equal(
    reasonText({ code: 'tags-changed', text: 'tags changed: fields', old: 'v:1', new: 'v:2' }),
    'tags changed: fields',
  );
  assert.equal(
    reasonText({ code: 'encoder-changed', text: 'encoder 1 -> 2', old: '1', new: '2' }),
    'encoder 1 -> 2',
  );
  assert.equal(
    reasonText({ code: 'source-renamed', text: 'source renamed', old: '/a' }),
    'source renamed: /a',
  );
});
