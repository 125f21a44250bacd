import { aac } from './aac.js';
import { aacplus } from './aacplus.js';
import type { Codec, CodecFamily } from './codec.js';
import { copy } from './copy.js';
import { ffmpeg } from './ffmpeg.js';
import { flac } from './flac.js';
import { mp3 } from './mp3.js';
import { opus } from './opus.js';
import { test } from './test.js';
import { vorbis } from './vorbis.js';

/** All codecs, by name. */
export const codecs: readonly Codec[] = [aac, aacplus, copy, flac, mp3, opus, test, vorbis];

/** Codecs with a name of two parts, by the first. */
export const families: readonly CodecFamily[] = [ffmpeg];

export type CodecName = 'aac' | 'aacplus' | 'copy' | 'flac' | 'mp3' | 'opus' | 'test' | 'vorbis';
