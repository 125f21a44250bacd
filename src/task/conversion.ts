import type { InputLimits, PcmFormat } from '../codecs/codec.js';
import type { Limits } from '../manifest/manifest.js';

/** The PCM that an encoder shall get: the source's own, brought down to what codec and profile allow. */
export function targetFormat(source: PcmFormat, codec: InputLimits, profile: Limits): PcmFormat {
  const most = Math.min(codec.channels ?? Infinity, profile.channels ?? Infinity);
  const channels = allowedCount(Math.min(source.channels, most), codec.channelCounts);
  const bits = Math.min(source.bits, codec.bits ?? Infinity, profile.bits ?? Infinity);
  const limit = profile.sampleRate ?? Infinity;
  const sampleRate = allowedRate(lowerRate(source.sampleRate, limit), limit, codec.sampleRates);
  const same =
    channels === source.channels && bits === source.bits && sampleRate === source.sampleRate;
  return same ? source : { channels, bits: wholeBytes(bits), sampleRate };
}

/** What of the source the encoder cannot take although the profile would have it, for people. */
export function conversionWarnings(
  source: PcmFormat,
  target: PcmFormat,
  profile: Limits,
): readonly string[] {
  const channels = Math.min(source.channels, profile.channels ?? Infinity);
  const bits = Math.min(source.bits, profile.bits ?? Infinity);
  return [
    ...(target.channels < channels
      ? [
          `its ${source.channels} channels are mixed down to ${target.channels}: the encoder takes no more`,
        ]
      : []),
    ...(target.bits < bits
      ? [`its ${source.bits} bits are cut to ${target.bits}: the encoder takes no more`]
      : []),
  ];
}

/** Why PCM must be converted before an encoder gets it, for people: sentence parts, each with whose wish it is. */
export function conversionReasons(
  source: PcmFormat,
  target: PcmFormat,
  wish: { readonly profile: Limits; readonly encoder: string },
): readonly string[] {
  const change = (key: keyof PcmFormat, text: string): readonly string[] => {
    if (source[key] === target[key]) return [];
    const limited = Math.min(source[key], wish.profile[key] ?? Infinity);
    const asked = limited !== source[key] && limited === target[key];
    return [`${text} for ${asked ? "its profile's limits" : wish.encoder}`];
  };
  const mix = target.channels < source.channels ? 'mixed down' : 'mixed up';
  const fit = target.bits < source.bits ? 'cut' : 'extended';
  return [
    ...change('channels', `its ${source.channels} channels must be ${mix} to ${target.channels}`),
    ...change('bits', `its ${source.bits} bits must be ${fit} to ${target.bits}`),
    ...change(
      'sampleRate',
      `its ${source.sampleRate} Hz must be resampled to ${target.sampleRate} Hz`,
    ),
  ];
}

/** The same rate halved as often as needed where that comes near the limit (88.2 to 44.1 kHz), else the limit. */
function lowerRate(rate: number, limit: number): number {
  if (rate <= limit) return rate;
  let halved = rate;
  while (halved > limit) halved /= 2;
  return Number.isInteger(halved) && halved > limit * 0.9 ? halved : limit;
}

/** The nearest number of channels that is taken, rather fewer than more. */
function allowedCount(count: number, allowed: readonly number[] = [count]): number {
  const fewer = allowed.filter((each) => each <= count);
  return fewer.length > 0 ? Math.max(...fewer) : Math.min(...allowed);
}

/** The same rate, else the next higher one that is taken, else the one that keeps most. */
function allowedRate(rate: number, limit: number, allowed: readonly number[] = [rate]): number {
  const within = allowed.filter((each) => each <= limit);
  const rates = within.length > 0 ? within : allowed;
  const higher = rates.filter((each) => each >= rate);
  if (higher.length > 0) return Math.min(...higher);
  const highest = Math.max(...rates);
  const halved = lowerRate(rate, highest);
  return rates.includes(halved) ? halved : highest;
}

function wholeBytes(bits: number): number {
  return Math.ceil(bits / 8) * 8;
}

/**
 * Arguments of ffmpeg that turn WAV on standard input into WAV of the format on standard output.
 * Its own resampler gives the same samples at every run; dither matters where 16 bits are left.
 */
export function conversionArgs(source: PcmFormat, target: PcmFormat): readonly string[] {
  const dither = target.bits <= 16 && target.bits < source.bits ? ':dither_method=triangular' : '';
  return [
    ...'-nostdin -v error -ignore_length 1 -f wav -i pipe:0 -map 0:a:0 -map_metadata -1'.split(' '),
    '-af',
    `aresample=${target.sampleRate}:resampler=swr${dither}`,
    ...channelArgs(target.channels),
    '-c:a',
    target.bits === 8 ? 'pcm_u8' : `pcm_s${target.bits}le`,
    ...'-fflags +bitexact -f wav pipe:1'.split(' '),
  ];
}

/** What ffmpeg takes three and four channels for has no place for what FLAC has there. */
const LAYOUTS: Readonly<Record<number, string>> = { 3: '3.0', 4: 'quad' };

function channelArgs(channels: number): readonly string[] {
  const layout = LAYOUTS[channels];
  return layout === undefined ? ['-ac', String(channels)] : ['-channel_layout', layout];
}
