import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manifestOf } from './manifest-text.js';

const short = `version: 1
source: /m
outputs:
  - { codec: opus, options: { bitrate: 96 }, to: /o/phone }
`;
const digest = manifestOf(short).digest;

for (const [name, text] of [
  [
    'the long form',
    `# a comment
outputs: [{ to: "/o/{profile}", from: cds, profile: phone }]
profiles: { phone: { options: { vbr: vbr, bitrate: 96 }, codec: opus }, other: { codec: mp3 } }
sources: { cds: { path: /m/ } }
version: 1
`,
  ],
  ['defaults written out', `${short}policy: { minAge: 2000ms, maxFailures: 1, onDrift: report }\n`],
  ['other workers', `${short}cluster: { workers: 3, bind: "tcp://*:2019" }\n`],
] as const) {
  test(`${name} has the same digest`, () => {
    assert.equal(manifestOf(text).digest, digest);
  });
}

for (const [name, from, to] of [
  ['an option', '96', '97'],
  ['the codec', 'codec: opus, options: { bitrate: 96 }', 'codec: mp3'],
  ['the place', '/o/phone', '/o/car'],
  ['the source', '/m', '/n'],
  ['an exclude pattern', 'source: /m', 'source: { path: /m, exclude: ["x/**"] }'],
  ['a sentinel', 'source: /m', 'source: { path: /m, sentinel: x }'],
  ['pruning', 'to:', 'prune: true, to:'],
  ['the layout', 'to:', 'layout: flat, to:'],
  ['the names', 'to:', 'names: ascii, to:'],
  ['a limit', 'to:', 'limits: { bits: 16 }, to:'],
  ['raw arguments', 'to:', 'args: [--x], to:'],
  ['copied files', 'to:', 'copy: [x], to:'],
  ['the policy', 'outputs:', 'policy: { maxFailures: 2 }\noutputs:'],
] as const) {
  test(`${name} changes the digest`, () => {
    const text = short.replace(from, to);
    assert.notEqual(text, short);
    assert.notEqual(manifestOf(text).digest, digest);
  });
}

test('is a SHA-256', () => {
  assert.match(digest, /^[0-9a-f]{64}$/);
});
