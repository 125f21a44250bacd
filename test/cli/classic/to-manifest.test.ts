import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseArguments } from '#src/cli/args.js';
import { normalArguments } from '#src/cli/classic/arguments.js';
import { readModes } from '#src/cli/classic/modes.js';
import { CLASSIC_OPTIONS } from '#src/cli/classic/options.js';
import { toManifest } from '#src/cli/classic/to-manifest.js';
import type { Failure } from '#src/lib/failure.js';
import { ok } from '#src/lib/result.js';
import type { Result } from '#src/lib/result.js';
import type { Manifest } from '#src/manifest/manifest.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const MACHINE = {
  programs: new Set(['flac', 'ffmpeg', 'fdkaac']),
  ffmpegEncoders: ['aac', 'alac', 'libmp3lame', 'wmav2'],
};

async function convert(...argv: readonly string[]): Promise<Result<Manifest, readonly Failure[]>> {
  const shape = {
    name: 'MODE',
    options: CLASSIC_OPTIONS,
    positionals: { name: '', description: '', min: 2, max: 2 },
  };
  const parsed = parseArguments(normalArguments(argv), shape);
  if (!parsed.ok) assert.fail(parsed.error.message);
  const { values, positionals } = parsed.value;
  const [list = '', input = ''] = positionals;
  const modes = readModes(list);
  if (!modes.ok || modes.value === 'all') assert.fail(list);
  const request = { argv, list, modes: modes.value, values, input, cwd: '/music' };
  const options = { home: '/home/me', machine: () => Promise.resolve(MACHINE) };
  const made = await toManifest(request, options);
  return made.ok ? ok(made.value.manifest) : made;
}

async function manifestOf(...argv: readonly string[]): Promise<Manifest> {
  const made = await convert(...argv);
  if (!made.ok) assert.fail(made.error.map(({ message }) => message).join('\n'));
  return made.value;
}

/** The marked part of the command line, message and hint. */
async function refusal(...argv: readonly string[]): Promise<readonly [string, string]> {
  const made = await convert(...argv);
  if (made.ok) assert.fail('it was understood');
  const [{ code, message, location, hint = '' } = assert.fail()] = made.error;
  assert.equal(code, 'USAGE');
  const { text = '', column = 1, length = 0 } = location ?? {};
  return [text.slice(column - 1, column - 1 + length), `${message}; ${hint}`];
}

test('a folder a mode, with the ledger beside them', async () => {
  const manifest = await manifestOf('vorbis,f:alac', '-o', 'Lossy', 'Lossless');
  assert.equal(manifest.stateDirectory, '/music/Lossy/.flac2all');
  assert.deepEqual(
    manifest.sources.map(({ root }) => root),
    ['/music/Lossless'],
  );
  assert.deepEqual(
    manifest.outputs.map(({ name, root, layout, prune, profile }) => [
      name,
      root,
      layout,
      prune,
      profile.extension,
    ]),
    [
      ['vorbis', '/music/Lossy/vorbis', 'mirror', false, 'ogg'],
      ['ffmpeg-alac', '/music/Lossy/f:alac', 'mirror', false, 'mka'],
    ],
  );
});

test('without options each encoder gets what the original gave it', async () => {
  const modes = 'vorbis,mp3,opus,flac,aacplus,f:wmav2,f:alac,test';
  const { outputs } = await manifestOf(modes, '-o', 'out', 'in');
  const options = outputs.map(({ profile }) => profile.recipe.audio.options);
  const [vorbis, mp3, opus, flac, aacplus, wma, alac] = options;
  assert.equal(vorbis?.['quality'], 2);
  assert.deepEqual([mp3?.['vbr'], mp3?.['quality']], [2, 0]);
  assert.deepEqual([opus?.['bitrate'], opus?.['vbr']], [96, 'vbr']);
  assert.equal(flac?.['level'], 5);
  assert.deepEqual([aacplus?.['bitrate'], aacplus?.['encoder']], [64, 'fdkaac']);
  assert.deepEqual(wma, { bitrate: 128 });
  assert.deepEqual(alac, {}, 'a bitrate means nothing to it');
});

test('option strings become options, limits and arguments', async () => {
  const strings = ['--vorbis-options', 'quality=9:resample 32000:managed'];
  const { outputs } = await manifestOf('vorbis', '-o', 'out', ...strings, 'in');
  const { options, args, limits } = outputs[0]?.profile.recipe.audio ?? assert.fail();
  assert.deepEqual(
    [options, args, limits],
    [{ quality: 9 }, ['--managed'], { sampleRate: 32_000 }],
  );
});

test('-n, -c and -f', async () => {
  const plain = await manifestOf('vorbis,mp3', '-c', '-o', 'out', 'in');
  assert.deepEqual(
    plain.outputs.map(({ copy }) => copy),
    [['**/*'], ['**/*']],
  );
  assert.equal(plain.policy.onDrift, 'report');
  const flat = await manifestOf('vorbis,mp3', '-cf', '-n', 'd', '-o', 'out', 'in');
  assert.deepEqual(
    flat.outputs.map(({ root, layout, copy }) => [root, layout, copy]),
    [
      ['/music/out', 'flat', ['**/*']],
      ['/music/out', 'flat', []],
    ],
  );
  assert.equal(flat.policy.onDrift, 'repair');
  const mixed = await manifestOf('vorbis,mp3', '-n', 'm', '-o', 'out', 'in');
  assert.deepEqual(
    mixed.outputs.map(({ root, layout }) => [root, layout]),
    [
      ['/music/out', 'mirror'],
      ['/music/out', 'mirror'],
    ],
  );
});

test('what a run writes is no source, wherever it goes', async () => {
  const inside = await manifestOf('flac', '-c', '-o', 'in/[out]', 'in');
  assert.ok(inside.sources[0]?.exclude.includes(String.raw`\[out\]/flac/**`));
  const here = await manifestOf('vorbis', '.');
  assert.ok(here.sources[0]?.exclude.includes('vorbis/**'));
  assert.ok(here.sources[0]?.exclude.includes('conversion_results.log'));
  const braces = await manifestOf('vorbis', '-o', '{a}', 'in');
  assert.equal(braces.outputs[0]?.root, '/music/{a}/vorbis');
});

test('what cannot be understood is marked in the command line', async () => {
  const asked = ['vorbis', '--vorbis-options', 'downmix:quality=19', '-o', 'out', 'in'];
  const [marked, said] = await refusal(...asked);
  assert.equal(marked, 'quality=19');
  assert.match(said, /number 19, expected a number from -1 to 10/);
  assert.equal((await refusal('mp3', '--lame-options=q 0:b 100', '-o', 'x', 'in'))[0], 'b 100');
  assert.equal((await refusal('opus', '--opus-options=vbr:xy', '-o', 'x', 'in'))[0], 'xy');
  assert.equal(
    (await refusal('mp3', '--lame-options=-resample 40', '-o', 'x', 'in'))[0],
    '-resample 40',
  );
  assert.deepEqual((await refusal('mp3,f:alacc', '-o', 'x', 'in'))[0], 'f:alacc');
  const [folder, why] = await refusal('mp3,f:libmp3lame', '-n', 'm', '-o', 'x', 'in');
  assert.equal(folder, 'm');
  assert.match(why, /write the same files.*leave -n away/s);
});

test('an output folder that a link leads into the source is left out of it', async (context) => {
  const root = temporaryFolder(context);
  mkdirSync(join(root, 'lib'));
  symlinkSync('lib', join(root, 'link'));
  const { sources } = await manifestOf('flac', '-o', join(root, 'link/out'), join(root, 'lib'));
  assert.ok(sources[0]?.exclude.includes('out/flac/**'));
  assert.ok(sources[0]?.exclude.includes('out/conversion_results.log'));
  const [marked, text] = await refusal(
    'flac',
    '-n',
    'd',
    '-o',
    join(root, 'link'),
    join(root, 'lib'),
  );
  assert.equal(marked, 'd');
  assert.match(text, /into the folder of source "source" itself; a symbolic link leads there .*-o/);
});
