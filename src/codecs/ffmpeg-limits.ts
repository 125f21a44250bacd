import type { InputLimits } from './codec.js';

/**
 * The layouts in which FLAC's channels arrive, and those that only call the same places otherwise. ffmpeg
 * silently mixes what comes in another one: an encoder that has only that cannot have so many channels.
 */
const LAYOUT_CHANNELS: Readonly<Record<string, number>> = {
  mono: 1,
  stereo: 2,
  downmix: 2,
  '3.0': 3,
  quad: 4,
  'quad(side)': 4,
  '5.0': 5,
  '5.0(side)': 5,
  '5.1': 6,
  '5.1(side)': 6,
  '6.1': 7,
  '6.1(back)': 7,
  '7.1': 8,
};

/** The most bits of a sample in each format; floating point holds what 32 bits can say well enough. */
const FORMAT_BITS: Readonly<Record<string, number>> = { u8: 8, s16: 16 };

/**
 * Reads what an encoder takes from the text of `ffmpeg -h encoder=NAME`; `undefined` when the text
 * tells of no encoder. What it does not tell is not limited there.
 */
export function parseLimits(text: string): InputLimits | undefined {
  if (!/^Encoder /m.test(text)) return undefined;
  const rates = words(text, 'sample rates').map(Number).filter(Number.isInteger);
  const formats = words(text, 'sample formats').map((name) => name.replace(/p$/, ''));
  const counts = words(text, 'channel layouts').flatMap((name) => LAYOUT_CHANNELS[name] ?? []);
  const bits = Math.max(...formats.map((name) => FORMAT_BITS[name] ?? 32));
  return {
    ...(rates.length === 0 ? {} : { sampleRates: ascending(rates) }),
    ...(counts.length === 0 ? {} : { channelCounts: ascending(counts) }),
    ...(formats.length === 0 || bits === 32 ? {} : { bits }),
  };
}

/** Layouts may be counted in words: "4 channels (FL+FR+LFE+BC)". */
function words(text: string, what: string): readonly string[] {
  const line = new RegExp(`^ +Supported ${what}: *(.*)$`, 'm').exec(text)?.[1] ?? '';
  return line.replaceAll(/(\d+) channels \([^)]*\)/g, '$1.0').match(/[^\s,]+/g) ?? [];
}

function ascending(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}
