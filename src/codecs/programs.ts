import type { Program } from './codec.js';

/** Decodes every source, and encodes and analyses FLAC. */
export const flacProgram: Program = {
  name: 'flac',
  versionArgs: ['--version'],
  versionPattern: /^flac (\S+)/m,
  packages: { debian: 'flac', fedora: 'flac', arch: 'flac', alpine: 'flac', macos: 'flac' },
};

/** Encodes AAC, and converts PCM that an encoder or a profile's limits do not take. */
export const ffmpegProgram: Program = {
  name: 'ffmpeg',
  versionArgs: ['-version'],
  versionPattern: /^ffmpeg version (\S+)/m,
  packages: {
    debian: 'ffmpeg',
    fedora: 'ffmpeg-free',
    arch: 'ffmpeg',
    alpine: 'ffmpeg',
    macos: 'ffmpeg',
  },
};
