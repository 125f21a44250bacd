import { aac } from './aac.js';
import type { Codec } from './codec.js';
import { copy } from './copy.js';
import { flac } from './flac.js';
import { mp3 } from './mp3.js';
import { opus } from './opus.js';
import { test } from './test.js';
import { vorbis } from './vorbis.js';

/** All codecs, by name. */
export const codecs: readonly Codec[] = [aac, copy, flac, mp3, opus, test, vorbis];

export type CodecName = 'aac' | 'copy' | 'flac' | 'mp3' | 'opus' | 'test' | 'vorbis';
