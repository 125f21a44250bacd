import type { InputLimits, Tolerance } from './codec.js';

/** What is known of an encoder of ffmpeg beyond what ffmpeg itself tells. */
export interface FfmpegEncoderFacts {
  /** The kinds of file that it goes into, by their names in the table of formats; the usual one first. */
  readonly formats: readonly string[];
  /** Limits that `ffmpeg -h encoder=NAME` does not tell. */
  readonly input?: InputLimits;
  /** ffmpeg wants to hear that it may be used. */
  readonly experimental?: true;
  /** The audio comes out again as it went in. */
  readonly lossless?: true;
  /** Its last frame, of some milliseconds, is filled up with silence. */
  readonly filled?: true;
  /** `-q:a` does something. */
  readonly quality?: true;
  /** Sample frames of silence behind the audio: without them the encoder loses its end. */
  readonly pad?: number;
}

const PHONE: InputLimits = { channelCounts: [1], sampleRates: [8000] };
const STEREO: InputLimits = { channelCounts: [1, 2] };
/** Files that state the rate in 16 bits. */
const LOW_RATES = [8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000] as const;
const FLASH_RATES = [11_025, 22_050, 44_100] as const;

const AAC: FfmpegEncoderFacts = { formats: ['m4a', 'mp4', 'mka', 'aac'] };
const MP3: FfmpegEncoderFacts = { formats: ['mp3', 'mka'] };
const MP2: FfmpegEncoderFacts = { formats: ['mp2', 'mka', 'wav'] };
const AC3: FfmpegEncoderFacts = { formats: ['ac3', 'mka', 'm4a', 'wav'] };
const ALAC: FfmpegEncoderFacts = {
  formats: ['m4a', 'mka', 'caf'],
  input: { bits: 24 },
  lossless: true,
};
const WMA: FfmpegEncoderFacts = {
  formats: ['wma', 'mka'],
  input: { ...STEREO, sampleRates: LOW_RATES },
  pad: 4096,
};
const WAV: FfmpegEncoderFacts = { formats: ['wav', 'mka'] };
const PCM_WAV: FfmpegEncoderFacts = { formats: ['wav', 'mka', 'caf', 'nut'], lossless: true };
const PCM_AIFF: FfmpegEncoderFacts = { formats: ['aiff', 'caf', 'nut', 'au'], lossless: true };
const PCM_NUT: FfmpegEncoderFacts = { formats: ['nut'], lossless: true };
const LOSSY_PCM: FfmpegEncoderFacts = { formats: ['wav', 'mka', 'au', 'caf'] };
const VORBIS: FfmpegEncoderFacts = { formats: ['ogg', 'mka'], quality: true };
const OPUS: FfmpegEncoderFacts = { formats: ['opus', 'mka'], input: { channels: 8 } };
const MLP: InputLimits = { bits: 24 };

/** Encoders of ffmpeg by name; what is not here goes into Matroska. */
export const ffmpegTable: Readonly<Record<string, FfmpegEncoderFacts>> = {
  aac: { ...AAC, quality: true },
  aac_at: AAC,
  aac_mf: AAC,
  libfdk_aac: AAC,
  ac3: AC3,
  ac3_fixed: AC3,
  ac3_mf: AC3,
  eac3: { formats: ['eac3', 'mka', 'm4a'] },
  dca: { formats: ['dts', 'mka', 'wav'], input: { bits: 24 }, experimental: true },
  alac: ALAC,
  alac_at: ALAC,
  flac: { formats: ['flac', 'mka'], input: { bits: 24, channels: 8 }, lossless: true },
  wavpack: { formats: ['wv', 'mka'], lossless: true },
  tta: { formats: ['tta', 'mka'], input: { bits: 24 }, lossless: true },
  mlp: { formats: ['mlp', 'mka'], input: MLP, experimental: true, lossless: true },
  truehd: { formats: ['thd', 'mka'], input: MLP, experimental: true, lossless: true },
  sonicls: { formats: ['nut', 'mka'], input: STEREO, experimental: true },
  mp2: MP2,
  mp2fixed: MP2,
  libtwolame: { ...MP2, quality: true },
  libmp3lame: { ...MP3, quality: true },
  mp3_mf: { formats: ['plainMp3', 'mka'] },
  libshine: { formats: ['plainMp3', 'mka'], pad: 4096 },
  opus: { ...OPUS, experimental: true },
  libopus: OPUS,
  vorbis: { ...VORBIS, input: { channelCounts: [2] }, experimental: true },
  libvorbis: VORBIS,
  libspeex: { formats: ['spx', 'mka'], quality: true },
  wmav1: WMA,
  wmav2: WMA,
  adpcm_adx: { formats: ['adx'], input: STEREO },
  adpcm_argo: { formats: ['argo'], input: { sampleRates: LOW_RATES } },
  adpcm_ima_alp: { formats: ['tun'], input: { sampleRates: [22_050] } },
  adpcm_ima_apm: { formats: ['apm'] },
  adpcm_ima_qt: { formats: ['mov', 'caf', 'aiff'] },
  adpcm_ima_ssi: { formats: ['kvag'] },
  adpcm_ima_wav: WAV,
  adpcm_ima_ws: { formats: ['aud'], input: { sampleRates: LOW_RATES } },
  adpcm_ms: WAV,
  adpcm_swf: { ...WAV, input: { sampleRates: FLASH_RATES } },
  adpcm_yamaha: WAV,
  aptx: { formats: ['aptx'], pad: 1024 },
  aptx_hd: { formats: ['aptxhd'], pad: 1024 },
  dfpwm: { ...WAV, input: STEREO },
  g722: { formats: ['wav', 'mka', 'g722'] },
  g723_1: { formats: ['wav', 'mka'], input: PHONE },
  g726: { ...WAV, input: PHONE },
  g726le: { formats: ['g726'], input: PHONE },
  libcodec2: { formats: ['c2'], input: PHONE },
  libgsm: { formats: ['gsm', 'mov'], input: PHONE },
  libgsm_ms: { ...WAV, input: PHONE },
  nellymoser: {
    formats: ['flv'],
    input: { channelCounts: [1], sampleRates: [8000, ...FLASH_RATES] },
  },
  real_144: { formats: ['ra', 'mka'], input: PHONE },
  roq_dpcm: { formats: ['roq'], input: { ...STEREO, sampleRates: [22_050] } },
  sbc: { formats: ['sbc'], pad: 256 },
  pcm_alaw: LOSSY_PCM,
  pcm_mulaw: LOSSY_PCM,
  /** With 24 bits what comes out is not what went in. */
  pcm_bluray: { formats: ['m2ts'], input: { bits: 16 }, lossless: true, filled: true },
  pcm_dvd: { formats: ['vob'], input: { bits: 16, sampleRates: [48_000] }, lossless: true },
  pcm_s24daud: { formats: ['daud'], input: { channelCounts: [6], sampleRates: [96_000] } },
  pcm_s8: { formats: ['aiff', 'caf', 'au', 'nut'], input: { bits: 8 }, lossless: true },
  pcm_u8: PCM_WAV,
  ...pcm(['s16le', 's24le', 's32le', 's64le', 'f32le', 'f64le'], PCM_WAV),
  ...pcm(['s16be', 's24be', 's32be', 'f32be', 'f64be'], PCM_AIFF),
  ...pcm(['s8_planar', 's16be_planar', 's16le_planar', 's24le_planar', 's32le_planar'], PCM_NUT),
  ...pcm(['u16be', 'u16le', 'u24be', 'u24le', 'u32be', 'u32le', 's64be'], PCM_NUT),
};

function pcm(
  names: readonly string[],
  facts: FfmpegEncoderFacts,
): Record<string, FfmpegEncoderFacts> {
  return Object.fromEntries(
    names.map((name) => {
      const bits = Math.min(Number(/\d+/.exec(name)?.[0]), 32);
      return [`pcm_${name}`, { ...facts, input: { bits } }];
    }),
  );
}

/** Encoders that no file can be made with, and why. */
export const ffmpegRefusals: Readonly<Record<string, string>> = {
  adpcm_ima_amv: 'it only goes into AMV files, which must hold a film',
  comfortnoise: 'it makes noise in place of the music',
  pcm_vidc: 'ffmpeg itself reads back noise from what it makes',
  s302m: 'it is for broadcast streams, and no file gives its first samples back',
  sonic: 'ffmpeg itself cannot decode what it makes',
};

/** Frames of fixed length, and what encoders put before the first. */
const FRAMES_SECONDS = 0.15;
/** Resamplers round, and so do containers that count in milliseconds. */
const ROUNDING_SECONDS = 0.003;

/** How far the length of an output may be off; at the lowest rate the padding is longest. */
export function ffmpegTolerance({ lossless, filled, pad = 0 }: FfmpegEncoderFacts): Tolerance {
  if (lossless && !filled) return { short: ROUNDING_SECONDS, long: ROUNDING_SECONDS };
  return { short: ROUNDING_SECONDS, long: FRAMES_SECONDS + pad / 8000 };
}
