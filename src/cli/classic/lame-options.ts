import type { Result } from '../../lib/result.js';
import { ok } from '../../lib/result.js';
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

/** What the presets of lame mean: a quality of variable bitrate. */
const VBR_PRESETS: Readonly<Record<string, number>> = { medium: 4, standard: 2, extreme: 0 };
const INSANE_KBITS = 320;
/** What lame takes where it is told to keep the bitrate and not which. */
const CBR_KBITS = 128;
const TAGS = refused('tags are taken from the source; a manifest can set them: "flac2all init"');
const FILES = refused('flac2all itself says what is read and where it is written');

const preset: Rule = {
  takes: 'text',
  apply: (wish, value) => {
    const words = value.split(/\s+/u).filter((word) => word !== 'fast');
    const isConstant = words[0] === 'cbr';
    const name = words[isConstant ? 1 : 0] ?? '';
    const vbr = VBR_PRESETS[name];
    if (vbr !== undefined) wish.option('vbr', vbr);
    else if (name === 'insane') wish.option('bitrate', INSANE_KBITS);
    else if (/^\d+$/u.test(name)) wish.option(isConstant ? 'bitrate' : 'abr', Number(name));
    else return 'presets: medium, standard, extreme, insane, a bitrate, or "cbr" and a bitrate';
    return undefined;
  },
};

const mode: Rule = {
  takes: 'text',
  apply: (wish, value) => {
    if (value === 'm') wish.limit('channels', 1);
    else if (/^[sjfdlr]$/u.test(value)) wish.arg('-m', value);
    else return 'modes: s, j, f, d, m, l, r';
    return undefined;
  },
};

/** In kHz, as lame has it, or in Hz; only what is above is brought down. */
const resample: Rule = {
  takes: 'number',
  apply: (wish, value) => {
    const rate = Number(value);
    return wish.limit('sampleRate', Math.round(rate < 1000 ? rate * 1000 : rate));
  },
};

const lame: Grammar = {
  program: 'lame',
  prefix: '-',
  example: "for example --lame-options='-preset extreme:q 0' (a long option begins with one dash)",
  rules: {
    '--preset': preset,
    '-V': numberOption('vbr'),
    '-v': flagOption('vbr', 4),
    '--vbr-new': heeded,
    '--vbr-mtrh': heeded,
    '--vbr-old': passed('--vbr-old', 'nothing'),
    '--abr': numberOption('abr'),
    '--cbr': flagOption('cbr', true),
    '-b': numberOption('bitrate'),
    '-B': passed('-B', 'number'),
    '-F': passed('-F', 'nothing'),
    '-q': numberOption('quality'),
    '-h': flagOption('quality', 2),
    '-f': flagOption('quality', 7),
    '-m': mode,
    '-a': channelLimit(1),
    '--resample': resample,
    '--lowpass': passed('--lowpass', 'number'),
    '--lowpass-width': passed('--lowpass-width', 'number'),
    '--highpass': passed('--highpass', 'number'),
    '--highpass-width': passed('--highpass-width', 'number'),
    '--scale': passed('--scale', 'number'),
    '--noreplaygain': heeded,
    '--quiet': heeded,
    '--silent': heeded,
    '--nohist': heeded,
    '-S': heeded,
    '--id3v2-only': heeded,
    '--add-id3v2': heeded,
    '--tt': TAGS,
    '--ta': TAGS,
    '--tl': TAGS,
    '--ty': TAGS,
    '--tc': TAGS,
    '--tn': TAGS,
    '--tg': TAGS,
    '--ti': TAGS,
    '--id3v1-only': TAGS,
    '-r': FILES,
    '-s': FILES,
    '--decode': FILES,
  },
};

/** Reads `--lame-options`: `q 0`, `h` and `b 320` are short options, `-preset standard` is a long one. */
export function readLameOptions(text: string): Result<EncoderWish, OptionProblem> {
  const read = readColonOptions(text, lame, (part) =>
    part.replace(/^-(?=[A-Za-z](?:[\s\d]|$))/u, ''),
  );
  return read.ok ? ok(settleRate(read.value)) : read;
}

/** `-b` alone is a constant bitrate; beside `-V` or `--abr` it is the least of a variable one. */
function settleRate(wish: EncoderWish): EncoderWish {
  const { options } = wish;
  const { bitrate, abr, vbr, cbr } = options;
  delete options['cbr'];
  const isVariable = cbr !== true && (abr !== undefined || vbr !== undefined);
  if (bitrate !== undefined && isVariable) {
    delete options['bitrate'];
    wish.args.push('-b', String(bitrate));
  } else if (cbr === true) {
    wish.goTo(wish.places.get('options.bitrate') ?? { offset: 0, length: 0 });
    wish.option('bitrate', bitrate ?? CBR_KBITS);
    delete options['abr'];
    delete options['vbr'];
  }
  return wish;
}
