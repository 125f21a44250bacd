import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CodecOptions, EncoderCodec } from '#src/codecs/codec.js';
import { mp3 } from '#src/codecs/mp3.js';
import { opus } from '#src/codecs/opus.js';
import { vorbis } from '#src/codecs/vorbis.js';
import type { JsonObject } from '#src/lib/json.js';
import { compare } from './compare.js';
import type { Contender } from './compare.js';
import { runProgram } from './measure.js';
import { makeTrack } from './music.js';
import type { Track } from './music.js';
import { FLAC2ALL } from './program.js';
import { withScratch } from './scratch.js';
import { setting } from './setting.js';
import { formatMs, formatRatio, printTable } from './table.js';

const CODECS: readonly EncoderCodec[] = [opus, mp3, vorbis];
const OUTPUT = '/OUTPUT';

/**
 * A whole `apply` against the bare encoder pipelines under `xargs -P`: the same decoder and encoder with
 * the same options, longest first, all cores. The pipelines neither look at decoder's exit code and
 * length, nor write tags and covers, take checksums, sync, or write anything down; `apply` does, and
 * starts its master and agent within the measured time.
 */
export async function overhead(): Promise<void> {
  const tracks = makeTracks(setting('TRACKS', 24), setting('SECONDS', 180));
  const repeats = setting('REPEATS', 5);
  await withScratch(async (folder) => {
    const music = join(folder, 'Lossless');
    mkdirSync(music);
    for (const track of tracks) makeTrack(music, track);
    const rows: string[][] = [];
    for (const codec of CODECS) {
      const contenders = [applyOf(folder, codec), xargsOf(folder, codec, tracks)];
      const [ours, bare] = await compare(contenders, repeats);
      if (ours === undefined || bare === undefined) throw new Error('nothing was measured');
      rows.push([
        codec.name,
        formatMs(ours.wallMs),
        formatMs(bare.wallMs),
        formatRatio(ours.wallMs, bare.wallMs),
        formatMs(ours.cpuMs),
        formatMs(bare.cpuMs),
        formatRatio(ours.cpuMs, bare.cpuMs),
      ]);
    }
    const seconds = tracks.reduce((sum, track) => sum + track.seconds, 0);
    const title = `overhead: ${tracks.length} tracks, ${Math.round(seconds / 60)} min of music, ${availableParallelism()} cores (target: 1.05x)`;
    const head = ['codec', 'apply', 'xargs', 'RATIO', 'apply CPU', 'xargs CPU', 'CPU RATIO'];
    printTable(title, [head, ...rows]);
  });
}

/** Longest first, each some seconds shorter than the one before. */
function makeTracks(count: number, shortest: number): readonly Track[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${String(index + 1).padStart(2, '0')} Track`,
    seconds: shortest + (count - 1 - index) * 8,
  }));
}

function applyOf(folder: string, { name }: EncoderCodec): Contender {
  // The tracks were made just now: nobody is still copying them.
  const policy = 'policy: { minAge: 0s }';
  const manifest = `version: 1\nsource: Lossless\noutputs: [{ codec: ${name}, to: ours }]\n${policy}\n`;
  return {
    name: `apply ${name}`,
    run: () => {
      rmSync(join(folder, 'ours'), { recursive: true, force: true });
      rmSync(join(folder, '.flac2all'), { recursive: true, force: true });
      writeFileSync(join(folder, 'flac2all.yaml'), manifest);
      return runProgram([...FLAC2ALL, 'apply', '--yes'], { cwd: folder });
    },
  };
}

function xargsOf(folder: string, codec: EncoderCodec, tracks: readonly Track[]): Contender {
  const list = join(folder, 'tracks');
  writeFileSync(list, tracks.map(({ name }) => `${name}\0`).join(''));
  const line = `flac --decode --stdout --silent -- "Lossless/$1.flac" | ${encoderLine(codec)}`;
  const xargs = `xargs -0 -P ${availableParallelism()} -n 1 -a tracks sh -c ${quote(line)} sh`;
  return {
    name: `xargs ${codec.name}`,
    run: () => {
      rmSync(join(folder, 'bare'), { recursive: true, force: true });
      mkdirSync(join(folder, 'bare'));
      return runProgram(['sh', '-c', xargs], { cwd: folder });
    },
  };
}

/** The encoder's own command line, as flac2all gives it, for a shell. */
function encoderLine(codec: EncoderCodec): string {
  const argv = codec.argv({
    options: defaultsOf(codec.options),
    args: [],
    output: OUTPUT,
    serial: 1,
    pcm: { sampleRate: 44_100, channels: 2, bits: 16 },
    version: '',
    endless: false,
  });
  const words = argv.map((word) =>
    word === OUTPUT ? `"bare/$1.${codec.extension ?? ''}"` : quote(word),
  );
  return [codec.programs[0].name, ...words].join(' ');
}

function defaultsOf(schema: JsonObject): CodecOptions {
  const properties = schema['properties'] as Readonly<Record<string, JsonObject>>;
  const defaults = Object.entries(properties).flatMap(([name, rule]) =>
    rule['default'] === undefined ? [] : [[name, rule['default']]],
  );
  return Object.fromEntries(defaults) as CodecOptions;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
