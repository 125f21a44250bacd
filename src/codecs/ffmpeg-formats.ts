import type { Container, EncodeRequest, PcmFormat } from './codec.js';
import { mp4Args } from './ffmpeg-input.js';

/** A kind of file that ffmpeg writes. */
export interface FfmpegFormat {
  /** ffmpeg's name of it. */
  readonly muxer: string;
  readonly extension: string;
  readonly container: Container;
  /** Options of the muxer. */
  readonly args?: (request: Pick<EncodeRequest, 'pcm' | 'version'>) => readonly string[];
  /** What ffmpeg must be told to read it again, where the file has no header. */
  readonly decodeArgs?: (pcm: PcmFormat) => readonly string[];
}

function bare(muxer: string, extension: string = muxer): FfmpegFormat {
  return { muxer, extension, container: 'bare' };
}

/** A stream of samples or packets without a header: its demuxer must be named. */
function raw(
  muxer: string,
  extension: string = muxer,
  more: (pcm: PcmFormat) => readonly (string | number)[] = () => [],
): FfmpegFormat {
  const decodeArgs = (pcm: PcmFormat): readonly string[] => ['-f', muxer, ...more(pcm).map(String)];
  return { muxer, extension, container: 'bare', decodeArgs };
}

const MATROSKA: FfmpegFormat = { muxer: 'matroska', extension: 'mka', container: 'matroska' };

/** By the names that the table of encoders has for them. */
const formats: Readonly<Record<string, FfmpegFormat>> = {
  m4a: { muxer: 'ipod', extension: 'm4a', container: 'mp4', args: mp4Args },
  mp4: { muxer: 'mp4', extension: 'mp4', container: 'mp4', args: mp4Args },
  mka: MATROSKA,
  mp3: { muxer: 'mp3', extension: 'mp3', container: 'mp3' },
  /** MP3 whose encoder does not say how much it padded. */
  plainMp3: { muxer: 'mp3', extension: 'mp3', container: 'mpeg' },
  mp2: { muxer: 'mp2', extension: 'mp2', container: 'mpeg' },
  flac: { muxer: 'flac', extension: 'flac', container: 'flac' },
  opus: { muxer: 'opus', extension: 'opus', container: 'ogg-opus' },
  ogg: { muxer: 'ogg', extension: 'ogg', container: 'ogg-vorbis' },
  spx: { muxer: 'ogg', extension: 'spx', container: 'ogg-speex' },
  wv: { muxer: 'wv', extension: 'wv', container: 'ape' },
  tta: { muxer: 'tta', extension: 'tta', container: 'ape' },
  wav: { muxer: 'wav', extension: 'wav', container: 'wav', args: () => ['-rf64', 'auto'] },
  aiff: { muxer: 'aiff', extension: 'aiff', container: 'aiff' },
  wma: { muxer: 'asf', extension: 'wma', container: 'asf' },
  aac: bare('adts', 'aac'),
  ac3: bare('ac3'),
  eac3: bare('eac3'),
  dts: bare('dts'),
  mlp: raw('mlp'),
  thd: raw('truehd', 'thd'),
  caf: bare('caf'),
  au: bare('au'),
  nut: bare('nut'),
  mov: { ...bare('mov'), args: mp4Args },
  adx: bare('adx'),
  argo: bare('argo_asf', 'asf'),
  tun: bare('alp', 'tun'),
  apm: bare('apm'),
  kvag: bare('kvag', 'vag'),
  aud: bare('wsaud', 'aud'),
  c2: bare('codec2', 'c2'),
  flv: bare('flv'),
  vob: bare('vob'),
  daud: raw('daud', '302'),
  ra: bare('rm', 'ra'),
  roq: bare('roq'),
  m2ts: { ...bare('mpegts', 'm2ts'), args: () => ['-mpegts_m2ts_mode', '1'] },
  sbc: raw('sbc'),
  gsm: raw('gsm'),
  g722: raw('g722'),
  g726: raw('g726le', 'g726', () => ['-code_size', 4]),
  aptx: raw('aptx', 'aptx', ({ sampleRate }) => ['-sample_rate', sampleRate]),
  aptxhd: raw('aptx_hd', 'aptxhd', ({ sampleRate }) => ['-sample_rate', sampleRate]),
};

/** A format of the table; another name is a bug. */
export function ffmpegFormat(name: string): FfmpegFormat {
  const format = formats[name];
  if (format === undefined) throw new Error(`no format "${name}"`);
  return format;
}
