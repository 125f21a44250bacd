import type { EncodeRequest } from './codec.js';

/** The arguments with which ffmpeg reads WAV from standard input, and takes nothing but its audio. */
export function ffmpegInput({ endless }: Pick<EncodeRequest, 'endless'>): readonly string[] {
  return [
    '-nostdin',
    '-v',
    'error',
    ...(endless ? ['-ignore_length', '1'] : ['-xerror']),
    ...'-f wav -i pipe:0 -map 0:a:0 -map_metadata -1'.split(' '),
  ];
}

/** The first ffmpeg with `-movie_timescale`; the older ones refuse what they do not know. */
const MOVIE_TIMESCALE_SINCE = 5;

/**
 * Options of ffmpeg's MP4 muxers. The edit that says which samples play counts in units of the movie, by
 * default milliseconds: players would leave out what is after the last whole one.
 */
export function mp4Args({
  pcm,
  version,
}: Pick<EncodeRequest, 'pcm' | 'version'>): readonly string[] {
  // A build of git has no such number (`N-110000-g…`), and is newer.
  const major = Number(/^n?(\d+)\./.exec(version)?.[1] ?? MOVIE_TIMESCALE_SINCE);
  const exact = major < MOVIE_TIMESCALE_SINCE ? [] : ['-movie_timescale', String(pcm.sampleRate)];
  return ['-movflags', '+faststart', ...exact];
}

/** Opus knows one layout for each number of channels; ffmpeg refuses others instead of renaming them. */
const OPUS_LAYOUTS = ['mono', 'stereo', '3.0', 'quad', '5.0', '5.1', '6.1', '7.1'] as const;

/** The arguments that give libopus the layout which it takes for that number of channels. */
export function opusLayout({ pcm }: Pick<EncodeRequest, 'pcm'>): readonly string[] {
  const layout = OPUS_LAYOUTS[pcm.channels - 1];
  return layout === undefined ? [] : ['-channel_layout', layout];
}
