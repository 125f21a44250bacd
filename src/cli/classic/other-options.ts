import type { Result } from '../../lib/result.js';
import { err } from '../../lib/result.js';
import {
  flagOption,
  heeded,
  numberOption,
  passed,
  piecesOf,
  readArguments,
  readColonOptions,
  refused,
} from './encoder-wish.js';
import type { EncoderArgument, EncoderWish, Grammar, OptionProblem, Rule } from './encoder-wish.js';

const FILES = refused('flac2all itself says what is read and where it is written');

const levels: Readonly<Record<string, Rule>> = Object.fromEntries(
  Array.from({ length: 9 }, (_, level) => flagOption('level', level)).flatMap((rule, level) => [
    [`-${level}`, rule],
    [`--compression-level-${level}`, rule],
  ]),
);

const flac: Grammar = {
  program: 'flac',
  prefix: '--',
  example: "for example --flac-options='compression-level-8:verify'",
  rules: {
    ...levels,
    '--best': flagOption('level', 8),
    '--fast': flagOption('level', 0),
    '--verify': flagOption('verify', true),
    '-V': flagOption('verify', true),
    '--no-verify': flagOption('verify', false),
    '--exhaustive-model-search': passed('--exhaustive-model-search', 'nothing'),
    '-e': passed('-e', 'nothing'),
    '--qlp-coeff-precision-search': passed('--qlp-coeff-precision-search', 'nothing'),
    '-p': passed('-p', 'nothing'),
    '--max-lpc-order': passed('--max-lpc-order', 'number'),
    '-l': passed('-l', 'number'),
    '--blocksize': passed('--blocksize', 'number'),
    '-b': passed('-b', 'number'),
    '--mid-side': passed('--mid-side', 'nothing'),
    '-m': passed('-m', 'nothing'),
    '--silent': heeded,
    '--no-padding': heeded,
    '--output-name': FILES,
    '-o': FILES,
    '-d': FILES,
    '--decode': FILES,
  },
};

/** Reads `--flac-options`: options of flac, with colons between them. */
export function readFlacOptions(text: string): Result<EncoderWish, OptionProblem> {
  // One letter or a level may stand alone: `e`, `8`.
  return readColonOptions(text, flac, (part) => (/^\w$/u.test(part) ? `-${part}` : part));
}

const bitsPerSecond: Rule = {
  takes: 'number',
  apply: (wish, value) => wish.option('bitrate', Number(value) / 1000),
};
const kbits = numberOption('bitrate');
const HE_AAC: ReadonlySet<string> = new Set(['5', '29']);

const aacplus: Grammar = {
  program: 'an AAC+ encoder',
  prefix: '--',
  example: "for example --aacplus-options='br 64' (kbit/s)",
  rules: {
    '--br': kbits,
    '--cbr': kbits,
    '--bitrate': kbits,
    '--r': bitsPerSecond,
    '--t': {
      takes: 'number',
      apply: (_, value) =>
        HE_AAC.has(value) ? undefined : 'mode aacplus is HE-AAC; mode aac makes AAC-LC',
    },
    '--a': { takes: 'number', apply: () => undefined },
    '--q': refused('qualities of the Nero encoder have no counterpart: say a bitrate, "br 64"'),
  },
};

/** Reads `--aacplus-options`: `br 64`, or what aac-enc takes: `-r 64000 -t 5`. */
export function readAacplusOptions(text: string): Result<EncoderWish, OptionProblem> {
  return readColonOptions(text, aacplus, (part) => part.replace(/^-+/u, ''));
}

const rate: Rule = {
  takes: 'text',
  apply: (wish, value) => {
    const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([kKM]?)$/u.exec(value) ?? [];
    if (number === undefined) return 'write it as ffmpeg does: "-b:a 192k"';
    const factor = unit === 'M' ? 1000 : unit === '' ? 0.001 : 1;
    return wish.option('bitrate', Number(number) * factor);
  },
};
const quality = numberOption('quality');
const CODEC = refused('the mode names the encoder: f:NAME');

const ffmpeg: Grammar = {
  program: 'ffmpeg',
  prefix: '-',
  example: "for example --ffmpeg-options='-b:a 192k,-ac 2'",
  rules: {
    '-b:a': rate,
    '-ab': rate,
    '-b': rate,
    '-q:a': quality,
    '-aq': quality,
    '-qscale:a': quality,
    '-ar': {
      takes: 'number',
      apply: (wish, value) => wish.limit('sampleRate', Number(value)),
    },
    '-ac': { takes: 'number', apply: (wish, value) => wish.limit('channels', Number(value)) },
    '-y': heeded,
    '-n': heeded,
    '-vn': heeded,
    '-i': FILES,
    '-f': FILES,
    '-map': FILES,
    '-c:a': CODEC,
    '-codec:a': CODEC,
    '-acodec': CODEC,
  },
};

/** Reads `--ffmpeg-options`: arguments of ffmpeg, with commas or spaces between the words. */
export function readFfmpegOptions(text: string): Result<EncoderWish, OptionProblem> {
  const given: EncoderArgument[] = [];
  for (const [offset, word] of piecesOf(text, /[,\s]+/gu)) {
    if (word === '') continue;
    const last = given.at(-1);
    if (/^-\D/u.test(word)) {
      given.push({ name: word, value: '', offset, length: word.length });
    } else if (last === undefined || last.value !== '') {
      const message = `"${word}" belongs to no option of ffmpeg`;
      return err({ offset, length: word.length, message, hint: ffmpeg.example });
    } else {
      given[given.length - 1] = {
        ...last,
        value: word,
        length: offset + word.length - last.offset,
      };
    }
  }
  return readArguments(given, { ...ffmpeg, rules: { ...ffmpeg.rules, ...others(given) } });
}

/** Encoders have options of their own, which ffmpeg checks: they are passed on. */
function others(given: readonly EncoderArgument[]): Readonly<Record<string, Rule>> {
  const unknown = given.filter(({ name }) => !Object.hasOwn(ffmpeg.rules, name));
  return Object.fromEntries(
    unknown.map(({ name, value }) => [name, passed(name, value === '' ? 'nothing' : 'text')]),
  );
}
