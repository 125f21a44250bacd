import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaints } from './manifest-text.js';

function withLayout(layout: string): string {
  const output = `{ codec: opus, to: /o, layout: "${layout}" }`;
  return `version: 1\nsource: /m\noutputs:\n  - ${output}\n`;
}

for (const [layout, complaint] of [
  ['miror', 'did you mean "mirror"?'],
  ['{artst}/{title}', 'did you mean "artist"?'],
  ['{artist}/{album}', 'gives all tracks of an album the same name'],
  ['/{title}', 'is absolute'],
  ['../{title}', '".." part'],
  ['{artist}//{title}', 'has an empty'],
  ['{artist}/{title}/', 'has an empty'],
  ['{title}.opus', 'has an extension'],
  ['{title', '"{" stands alone'],
] as const) {
  test(`layout "${layout}": ${complaint}`, () => {
    const found = complaints(withLayout(layout));
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', /^MANIFEST_BAD_LAYOUT 4:36 /);
    assert.ok(found[0]?.includes(complaint), found[0]);
  });
}

for (const layout of [
  'flat',
  '{albumartist}/{album}/{disc}-{track} {title}',
  '{{{name}}}',
  'all/{name}',
]) {
  test(`layout "${layout}" is good`, () => {
    assert.deepEqual(complaints(withLayout(layout)), []);
  });
}
