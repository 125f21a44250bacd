import type { Result } from '../../lib/result.js';
import {
  channelLimit,
  flagOption,
  heeded,
  numberOption,
  passed,
  readColonOptions,
  refused,
} from './encoder-wish.js';
import type { EncoderWish, Grammar, OptionProblem, Rule } from './encoder-wish.js';

const TAGS = refused('tags are taken from the source; a manifest can set them: "flac2all init"');
const FILES = refused('flac2all itself says what is read and where it is written');
/** A higher rate than the source's is no gain: only what is above is brought down. */
const resample: Rule = {
  takes: 'number',
  apply: (wish, value) => wish.limit('sampleRate', Number(value)),
};

const oggenc: Grammar = {
  program: 'oggenc',
  prefix: '--',
  example: "for example --vorbis-options='quality=5:resample 32000:downmix'",
  rules: {
    '--quality': numberOption('quality'),
    '-q': numberOption('quality'),
    '--bitrate': numberOption('bitrate'),
    '--bitrate_average': numberOption('bitrate'),
    '-b': numberOption('bitrate'),
    '--managed': passed('--managed', 'nothing'),
    '--min-bitrate': passed('--min-bitrate', 'number'),
    '--max-bitrate': passed('--max-bitrate', 'number'),
    '--advanced-encode-option': passed('--advanced-encode-option', 'text'),
    '--resample': resample,
    '--downmix': channelLimit(1),
    '--quiet': heeded,
    '--output': FILES,
    '--names': FILES,
    '--raw': FILES,
    '--serial': FILES,
    '--comment': TAGS,
    '--title': TAGS,
    '--artist': TAGS,
    '--album': TAGS,
    '--genre': TAGS,
    '--date': TAGS,
    '--tracknum': TAGS,
    '--discard-comments': TAGS,
  },
};

/** Reads `--vorbis-options`: long options of oggenc, with colons between them. */
export function readVorbisOptions(text: string): Result<EncoderWish, OptionProblem> {
  return readColonOptions(text, oggenc);
}

const opusenc: Grammar = {
  program: 'opusenc',
  prefix: '--',
  example: "for example --opus-options='bitrate 96:cvbr'",
  rules: {
    '--bitrate': numberOption('bitrate'),
    '--vbr': flagOption('vbr', 'vbr'),
    '--cvbr': flagOption('vbr', 'cvbr'),
    '--hard-cbr': flagOption('vbr', 'hard'),
    '--comp': numberOption('complexity'),
    '--framesize': numberOption('frameSize'),
    '--music': flagOption('tune', 'music'),
    '--speech': flagOption('tune', 'speech'),
    '--no-phase-inv': flagOption('phaseInversion', false),
    '--downmix-mono': channelLimit(1),
    '--downmix-stereo': channelLimit(2),
    '--expect-loss': passed('--expect-loss', 'number'),
    '--max-delay': passed('--max-delay', 'number'),
    '--set-ctl-int': passed('--set-ctl-int', 'text'),
    '--quiet': heeded,
    '--serial': FILES,
    '--padding': TAGS,
    '--comment': TAGS,
    '--title': TAGS,
    '--artist': TAGS,
    '--album': TAGS,
    '--genre': TAGS,
    '--date': TAGS,
    '--picture': TAGS,
    '--discard-comments': TAGS,
    '--discard-pictures': TAGS,
  },
};

/** Reads `--opus-options`: long options of opusenc, with colons between them. */
export function readOpusOptions(text: string): Result<EncoderWish, OptionProblem> {
  return readColonOptions(text, opusenc);
}
