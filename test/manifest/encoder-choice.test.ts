import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Machine } from '#src/codecs/machine.js';
import type { Profile } from '#src/manifest/manifest.js';
import { complaints, fromText } from './manifest-text.js';

const FULL: Machine = {
  programs: new Set(['flac', 'ffmpeg', 'opusenc', 'oggenc', 'lame']),
  ffmpegEncoders: ['aac', 'libmp3lame', 'libopus', 'libvorbis', 'wmav2'],
};
const BARE: Machine = { programs: new Set(['flac', 'ffmpeg']), ffmpegEncoders: ['aac', 'libopus'] };

const text = (profile: string): string =>
  `version: 1\nsource: in\nprofiles:\n  p: ${profile}\noutputs: [{ profile: p, to: /out }]\n`;

function profileOf(written: string, machine: Machine = FULL): Profile {
  const result = fromText(text(written), undefined, machine);
  assert.ok(result.ok, JSON.stringify(result));
  const [output] = result.value.outputs;
  assert.ok(output !== undefined);
  return output.profile;
}

function wrong(written: string, machine: Machine = FULL): string {
  const all = complaints(text(written), undefined, machine);
  assert.equal(all.length, 1, all.join('\n'));
  return all[0] ?? '';
}

describe('option encoder', () => {
  it('leaves recipes as they were where the usual program encodes, however that came', () => {
    const usual = profileOf('{ codec: opus }').recipe;
    assert.equal(usual.audio.options['encoder'], undefined);
    assert.deepEqual(profileOf('{ codec: opus, options: { encoder: opusenc } }').recipe, usual);
    assert.deepEqual(profileOf('{ codec: opus, options: { encoder: auto } }').recipe, usual);
    assert.equal(profileOf('{ codec: aac }').recipe.audio.options['encoder'], 'aac');
  });

  it('auto takes the first that is here, and the recipe says which', () => {
    const profile = profileOf('{ codec: opus, options: { encoder: auto } }', BARE);
    assert.equal(profile.recipe.audio.options['encoder'], 'ffmpeg');
    assert.equal(profile.chosenEncoder, 'ffmpeg');
    assert.equal(profileOf('{ codec: opus }', BARE).chosenEncoder, undefined);
    const aac = '{ codec: aac, options: { encoder: auto } }';
    assert.equal(profileOf(aac).recipe.audio.options['encoder'], 'aac');
    const fraunhofer = { ...BARE, ffmpegEncoders: ['aac', 'libfdk_aac'] };
    assert.equal(profileOf(aac, fraunhofer).recipe.audio.options['encoder'], 'libfdk_aac');
  });

  it('auto is refused where there is none, with what to install', () => {
    const message = wrong('{ codec: mp3, options: { encoder: auto } }', BARE);
    assert.match(message, /^MANIFEST_ENCODER_MISSING 4:15 codec mp3 has no encoder here/);
    assert.match(message, /install lame .*, or ffmpeg built with libmp3lame/);
    assert.match(wrong('{ codec: aacplus }'), /install fdkaac .* libfdk_aac.* aac-enc/);
  });

  it('aacplus has the extension of the program that is here', () => {
    const withProgram = (name: string): Machine => ({
      ...BARE,
      programs: new Set([...BARE.programs, name]),
    });
    assert.equal(profileOf('{ codec: aacplus }', withProgram('fdkaac')).extension, 'm4a');
    const plain = profileOf('{ codec: aacplus }', withProgram('aac-enc'));
    assert.deepEqual([plain.extension, plain.recipe.audio.options['encoder']], ['aac', 'aac-enc']);
  });
});

describe('codecs of ffmpeg', () => {
  it('have two spellings and one name', () => {
    const long = profileOf('{ codec: "ffmpeg:wmav2", options: { bitrate: 160 } }');
    assert.deepEqual(profileOf('{ codec: "f:wmav2", options: { bitrate: 160 } }'), long);
    assert.equal(long.codec, 'ffmpeg:wmav2');
    assert.equal(long.extension, 'wma');
    assert.deepEqual(long.recipe.audio, {
      codec: 'ffmpeg:wmav2',
      options: { bitrate: 160 },
      args: [],
      limits: {},
    });
  });

  it('give an output without a profile a name that can be a folder', () => {
    const written = 'version: 1\nsource: in\noutputs: [{ codec: "f:wmav2", to: "/{profile}" }]\n';
    const result = fromText(written, undefined, FULL);
    assert.ok(result.ok);
    assert.equal(result.value.outputs[0]?.root, '/ffmpeg-wmav2');
  });

  it('go into another kind of file that the table knows, and only then say so', () => {
    const other = profileOf('{ codec: "f:wmav2", extension: mka }');
    assert.deepEqual([other.extension, other.recipe.audio.extension], ['mka', 'mka']);
    const usual = profileOf('{ codec: "f:wmav2", extension: wma }');
    assert.ok(!('extension' in usual.recipe.audio));
    assert.match(
      wrong('{ codec: "f:wmav2", extension: ogg }'),
      /^MANIFEST_BAD_VALUE .* it goes into wma, mka, not into ogg/,
    );
    assert.match(
      wrong('{ codec: opus, extension: ogg }'),
      /^MANIFEST_USELESS_KEY .*one kind of file/,
    );
  });

  it('are refused when nothing can be made of them, or nobody has them', () => {
    assert.match(wrong('{ codec: "f:comfortnoise" }'), /cannot be used: it makes noise/);
    assert.match(
      wrong('{ codec: "f:wmav22" }'),
      /^MANIFEST_UNKNOWN_NAME .*no audio encoder "wmav22" \(did you mean "ffmpeg:wmav2"\?\)/,
    );
    assert.equal(profileOf('{ codec: "f:libfdk_aac" }').extension, 'm4a', 'workers may have it');
    const strict = complaints(text('{ codec: "f:libfdk_aac" }'), () => true, FULL);
    assert.match(
      strict[0] ?? '',
      /^MANIFEST_ENCODER_MISSING .*built without the encoder libfdk_aac/,
    );
    assert.deepEqual(
      complaints(text('{ codec: "f:wmav22" }'), () => true, FULL).map((told) => told.split(' ')[0]),
      ['MANIFEST_UNKNOWN_NAME'],
      'once',
    );
  });

  it('may have ID3 tags of either version', () => {
    const id3 = 'tags: { id3: "2.3" }';
    assert.equal(profileOf(`{ codec: "f:pcm_s16le", ${id3} }`).recipe.tags.id3, '2.3');
    assert.match(wrong(`{ codec: "f:wmav2", ${id3} }`), /no ID3 tags/);
  });

  it('take no option that they would not heed', () => {
    for (const [codec, option] of [
      ['f:flac', 'bitrate: 100'],
      ['f:wmav2', 'quality: 3'],
    ]) {
      const message = wrong(`{ codec: "${codec}", options: { ${option} } }`);
      assert.match(message, /^MANIFEST_USELESS_KEY .*does not heed it/);
    }
    assert.match(wrong('{ codec: "f:aac", options: { bitrates: 3 } }'), /did you mean "bitrate"/);
  });
});
