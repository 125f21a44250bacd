import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reason } from '#src/plan/action.js';
import { renderPlanMarkdown } from '#src/report/plan-markdown.js';
import { change, counts } from '../support/events.js';

const options = { base: '/music' };
const none: Reason = { code: 'no-output', text: 'no output yet' };

test('a plan as a comment: counts as its heading, then action, reason and place', () => {
  const changes = [
    change('create', '/music/phone/a|b.opus', none),
    change('delete', '/music/phone/old.opus', { code: 'source-removed', text: 'source removed' }),
  ];
  const cost = { sourceBytes: 2048, audioSeconds: 0, deletedBytes: 0, workMs: null, workers: 2 };
  const text = renderPlanMarkdown(changes, counts({ create: 1, delete: 1 }), { ...options, cost });
  assert.equal(
    text,
    `### flac2all plan

Plan: 1 to create, 1 to delete; 0 up to date.

To convert: 2 KiB.

**1 to create**

- \`no output yet\`
  - \`phone/a|b.opus\`

**1 to delete**

- \`source removed\`
  - \`phone/old.opus\`
`,
  );
});

test('names stay code whatever they hold', () => {
  const names = ['`', 'a`` b', '<script>', '@everyone', 'a\n# title', '`x`'];
  const changes = names.map((name) => change('create', `/music/${name}`, none));
  const lines = renderPlanMarkdown(changes, counts({ create: names.length }), options).split('\n');
  assert.deepEqual(
    lines.filter((line) => line.startsWith('  - ')).map((line) => line.slice(4)),
    ['`` ` ``', '```a`` b```', '`<script>`', '`@everyone`', '`a\\n# title`', '`` `x` ``'],
  );
});

test('is never longer than a comment may be, and says what it leaves out', () => {
  const changes = Array.from({ length: 5000 }, (_, at) =>
    change('update', `/music/${at}.opus`, { ...none, text: `reason ${at} ${'x'.repeat(100)}` }),
  );
  const text = renderPlanMarkdown(changes, counts({ update: 5000 }), options);
  assert.ok(text.length < 65_536);
  assert.match(text, /… and [\d,]+ lines more: `flac2all plan --full` lists every row\.\n$/u);
});
