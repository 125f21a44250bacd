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
