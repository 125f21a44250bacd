import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { corpus, corpusMissing } from '../support/corpus.js';
import type { CorpusFile } from '../support/corpus.js';
import { CORPUS_CODECS, corpusManifest, corpusOutput } from '../support/corpus-outputs.js';
import type { CorpusCodec } from '../support/corpus-outputs.js';
import { assertSound, secondsOf, streamInfosOf } from '../support/length.js';
import { Library } from '../support/library.js';
import { assertExit, linesOf } from '../support/rig.js';
import { truthOf } from '../support/truth.js';
import type { Claim } from '../support/truth.js';

test(
  'every file of the corpus is converted whole, or refused with a reason',
  {
    skip: corpusMissing,
  },
  async (context) => {
    if (corpus === undefined) return;
    const known = corpus;
    const { root, files } = known;
    const library = new Library(context);
    library.manifest(corpusManifest(root));
    const applied = await library.run(['apply', '--yes', '--json'], { timeoutMs: 600_000 });
    assertExit(applied, 3);
    for (const { source, text } of linesOf(applied, 'task-failed')) {
      assert.ok(text.includes(source), `${text}, and not ${source}`);
    }
    const reasons = new Map(
      [...linesOf(applied, 'task-failed'), ...planErrors(applied)].map(
        ({ output, text }) => [output, text] as const,
      ),
    );
    const made: Converted[] = [];
    for (const [name, file] of Object.entries(files)) {
      for (const codec of CORPUS_CODECS) {
        const path = library.path(corpusOutput(name, codec));
        if (existsSync(path)) made.push({ name, codec, path, file });
        else assert.match(reasons.get(path) ?? '', /\w{3}/, `${name} as ${codec}: no reason`);
      }
    }

    // ffmpeg cannot decode FLAC of 32 bits.
    const decodable = made.filter(
      ({ codec, file }) => codec !== 'flac' || file.verdict === 'convert',
    );
    const lengths = secondsOf(decodable.map(({ path }) => path));

    await context.test('all that has to be converted is', () => {
      const missing = Object.entries(files)
        .filter(([, { verdict }]) => verdict === 'convert')
        .flatMap(([name]) => CORPUS_CODECS.map((codec) => library.path(corpusOutput(name, codec))))
        .filter((path) => !existsSync(path))
        .map((path) => `${path}: ${reasons.get(path)}`);
      assert.deepEqual(missing, []);
    });

    await context.test('nothing that must fail became an output', () => {
      const wrong = made.filter(({ file }) => ['fail', 'not-flac'].includes(file.verdict));
      assert.deepEqual(
        wrong.map(({ path }) => path),
        [],
      );
      assert.equal(Object.values(library.outputs()).length > 0, true);
    });

    await context.test('outputs are as long as their sources', () => {
      const lossy = made.filter(({ codec }) => codec !== 'flac');
      const wrong = lossy.flatMap(({ file, codec, path }) => {
        const { expected_duration: wanted, sample_rate: rate } = file;
        const seconds = lengths.get(path) ?? Number.NaN;
        const excess = wanted === null ? 0 : seconds - wanted;
        if (Math.abs(excess) <= tolerance(codec) || padded(codec, excess, rate)) return [];
        return [`${path}: ${seconds} s, not ${wanted} s (${statSync(path).size} bytes)`];
      });
      assert.deepEqual(wrong, []);
    });

    await context.test('no success is false, and no failure', () => {
      for (const codec of CORPUS_CODECS) {
        const claims = Object.keys(files).map((name): Claim => {
          const path = library.path(corpusOutput(name, codec));
          return { name, says: existsSync(path) ? 'done' : 'failed', seconds: lengths.get(path) };
        });
        const none = { tool: codec, falseSuccesses: [], falseFailures: [] };
        assert.deepEqual(truthOf(codec, claims, known), none);
      }
    });

    await context.test('FLAC outputs hold the samples of their sources', () => {
      const flacs = made.filter(({ codec }) => codec === 'flac');
      assertSound(flacs.map(({ path }) => path));
      const audio = streamInfosOf(flacs.map(({ path }) => path));
      const wrong = flacs.filter(({ file, path }) => {
        const { md5, samples } = audio.get(path) ?? {};
        if (file.expected_samples !== null && samples !== file.expected_samples) return true;
        const known = file.verdict === 'convert' && !/^0*$/.test(file.streaminfo_md5 ?? '');
        return known && md5 !== file.streaminfo_md5;
      });
      assert.deepEqual(
        wrong.map(({ path }) => path),
        [],
      );
    });

    await context.test('a second plan has no work, a second apply encodes nothing', async () => {
      const planned = await library.plan();
      assertExit(planned, 4);
      const actions = new Set(linesOf(planned, 'change').map(({ action }) => action));
      assert.deepEqual([...actions].sort(), ['error', 'skip']);
      const before = library.outputs();
      const again = await library.apply();
      assert.deepEqual(linesOf(again, 'task-started'), []);
      assert.deepEqual(library.outputs(), before);
    });
  },
);

interface Converted {
  readonly name: string;
  readonly codec: CorpusCodec;
  readonly path: string;
  readonly file: CorpusFile;
}

function planErrors(
  finished: Parameters<typeof linesOf>[0],
): readonly { readonly output: string; readonly text: string }[] {
  return linesOf(finished, 'change')
    .filter(({ action }) => action === 'error')
    .map(({ output, reasons }) => ({ output, text: reasons.map(({ text }) => text).join('; ') }));
}

/** Seconds; MP3 players differ in what they do with the encoder's delay. */
function tolerance(codec: CorpusCodec): number {
  return codec === 'mp3' ? 0.25 : 0.1;
}

/** ffmpeg does not cut the padding of the last AAC frame off again. */
function padded(codec: CorpusCodec, excess: number, rate: number | null): boolean {
  return codec === 'aac' && rate !== null && excess >= 0 && excess <= 1024 / rate;
}
