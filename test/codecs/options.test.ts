import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codecs } from '#src/codecs/registry.gen.js';
import { validatorFor } from '#src/lib/schema-validator.js';
import { defaultOptions } from '../support/task-rig.js';

interface Property {
  readonly description?: string;
  readonly examples?: readonly unknown[];
}

describe('option schemas', () => {
  for (const codec of codecs) {
    const validate = validatorFor(`options-${codec.name}`);
    const properties = Object.entries(codec.options['properties'] as Record<string, Property>);

    it(`${codec.name}: takes no options, and its own defaults`, () => {
      assert.ok(validate({}));
      assert.ok(validate(defaultOptions(codec.name)));
    });

    it(`${codec.name}: refuses what it does not know`, () => {
      assert.equal(validate({ bitrrate: 128 }), false);
    });

    it(`${codec.name}: describes every option, with examples that are taken`, () => {
      for (const [name, property] of properties) {
        assert.match(property.description ?? '', /\.$/, name);
        assert.ok(property.examples?.length, name);
        for (const example of property.examples) {
          const options = name === 'vbr' && codec.name === 'aac' ? { encoder: 'libfdk_aac' } : {};
          assert.ok(validate({ ...options, [name]: example }), `${name} ${String(example)}`);
        }
      }
    });
  }

  it('holds the ranges of the encoders', () => {
    const refused = [
      ['opus', { bitrate: 5 }],
      ['opus', { vbr: 'abr' }],
      ['vorbis', { quality: 11 }],
      ['mp3', { bitrate: 321 }],
      ['mp3', { bitrate: 320, abr: 190 }],
      ['mp3', { bitrate: 320, vbr: 2 }],
      ['mp3', { abr: 190, vbr: 2 }],
      ['vorbis', { bitrate: 192, quality: 5 }],
      ['flac', { level: 9 }],
      ['aac', { vbr: 4 }],
    ] as const;
    for (const [name, options] of refused) {
      const validate = validatorFor(`options-${name}`);
      assert.equal(validate(options), false, `${name} ${JSON.stringify(options)}`);
    }
  });

  it('packages of every program are named for every system', () => {
    for (const program of codecs.flatMap((codec) => codec.programs)) {
      for (const name of Object.values(program.packages)) assert.match(name, /^[a-z0-9-]+$/);
    }
  });
});
