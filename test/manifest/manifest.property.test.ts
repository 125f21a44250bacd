import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { codecs } from '#src/codecs/registry.gen.js';
import { decodeText } from '#src/manifest/decode.js';
import { complaints, fromText, manifestOf } from './manifest-text.js';

interface Written {
  readonly sources: Readonly<Record<string, object>>;
  readonly profiles: Readonly<Record<string, object>>;
  readonly outputs: readonly object[];
  readonly policy: object;
}

const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,6}$/);
const codec = fc.constantFrom(...codecs.map((one) => one.name));

const profile = codec.chain((codecName) => {
  const encodes = codecName !== 'copy' && codecName !== 'test';
  const limits = {
    sampleRate: fc.constantFrom(44_100, 48_000),
    channels: fc.integer({ min: 1, max: 8 }),
  };
  const optional = {
    ...(encodes ? { args: fc.array(fc.constantFrom('-a', 'b c', '"'), { maxLength: 2 }) } : {}),
    ...(encodes ? { limits: fc.record(limits, { requiredKeys: [] }) } : {}),
    ...(codecName === 'mp3' ? { tags: fc.constant({ id3: '2.3' }) } : {}),
  };
  return fc.record({ codec: fc.constant(codecName), ...optional }, { requiredKeys: ['codec'] });
});

/** Valid by construction: each source and output has a folder of its own. */
const written: fc.Arbitrary<Written> = fc
  .record({
    sourceNames: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
    profiles: fc.dictionary(name, profile, { minKeys: 1, maxKeys: 3 }),
    picks: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { minLength: 1, maxLength: 5 }),
    policy: fc.record(
      {
        maxDelete: fc.oneof(fc.nat(1000), fc.constantFrom('0%', '12.5%', '100%')),
        minAge: fc.constantFrom('0s', '500ms', '2m', '1h'),
        maxFailures: fc.integer({ min: 1, max: 9 }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ sourceNames, profiles, picks, policy }) => ({
    sources: Object.fromEntries(sourceNames.map((one, n) => [one, { path: `/in/${n}` }])),
    profiles,
    outputs: picks.map(([p, s, inline], n) => {
      const chosen = Object.keys(profiles)[p % Object.keys(profiles).length] ?? '';
      const form = inline ? profiles[chosen] : { profile: chosen };
      return { ...form, from: sourceNames[s % sourceNames.length], to: `/out/${n}/{profile}` };
    }),
    policy,
  }));

test('any valid manifest resolves, with one named set for each output', () => {
  fc.assert(
    fc.property(written, (content) => {
      const manifest = manifestOf(JSON.stringify({ version: 1, ...content }));
      const names = manifest.outputs.map((output) => output.name);
      assert.equal(new Set(names).size, content.outputs.length);
      for (const { from } of manifest.outputs) {
        assert.ok(manifest.sources.some((source) => source.name === from));
      }
    }),
  );
});

test('the order of keys does not change the digest', () => {
  fc.assert(
    fc.property(written, (content) => {
      const there = manifestOf(JSON.stringify({ version: 1, ...content }));
      const back = manifestOf(JSON.stringify(reversed({ ...content, version: 1 })));
      assert.equal(back.digest, there.digest);
    }),
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => reversed(item));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, reversed(member)] as const);
  return Object.fromEntries(members.toReversed());
}

test('an unknown key anywhere is an error', () => {
  fc.assert(
    fc.property(
      written,
      fc.constantFrom('sources', 'profiles', 'outputs', 'policy'),
      (content, part) => {
        const holder: object =
          part === 'policy' ? content.policy : (Object.values(content[part])[0] ?? {});
        Object.assign(holder, { zzzzzz: 1 });
        const found = complaints(JSON.stringify({ version: 1, ...content }));
        assert.ok(found.some((text) => text.startsWith('MANIFEST_UNKNOWN_KEY')));
      },
    ),
  );
});

test('any JSON is resolved or refused with a place; nothing throws', () => {
  const value = fc.letrec((tie) => ({
    leaf: fc.oneof(
      fc.constantFrom('opus', '/m', '', 1, -1, null, true, '{x}', '~x'),
      fc.jsonValue(),
    ),
    node: fc.oneof(
      { maxDepth: 4 },
      tie('leaf'),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          ...'version source sources path include profiles outputs codec options bitrate to from copy layout policy minAge cluster bind tags id3 limits args __proto__ a/b'.split(
            ' ',
          ),
        ),
        tie('node'),
        { maxKeys: 5 },
      ),
    ),
  })).node;
  const manifest = fc.record({
    version: fc.constant(1),
    source: value,
    outputs: fc.array(value),
    profiles: value,
  });
  fc.assert(
    fc.property(fc.oneof(value, manifest), (any) => {
      const result = fromText(JSON.stringify(any));
      if (result.ok) return;
      assert.ok(result.error.length > 0);
      for (const failure of result.error) {
        assert.ok(failure.location !== undefined || failure.code === 'MANIFEST_EMPTY');
      }
    }),
    { numRuns: 1000 },
  );
});

test('random bytes never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = decodeText(bytes, 'f.yaml');
      if (text.ok) fromText(text.value);
    }),
    { numRuns: 1000 },
  );
});
