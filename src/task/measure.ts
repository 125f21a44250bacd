import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Container } from '../codecs/codec.js';
import type { Result } from '../lib/result.js';
import { measureFlac } from './measure-flac.js';
import { measureMp3 } from './measure-mp3.js';
import { measureMp4 } from './measure-mp4.js';
import { measureOpus, measureVorbis } from './measure-ogg.js';

/** What an encoded file holds, by its own structure. */
export interface Measured {
  /** Sample frames that a player plays, encoder delay and padding left out. */
  readonly samples: number;
  readonly sampleRate: number;
  /** Of the decoded audio; FLAC only. */
  readonly md5?: string;
}

/** Measures one container. The error is a sentence part that says what is wrong with the file. */
export type Measure = (file: FileHandle) => Promise<Result<Measured, string>>;

const measures: Readonly<Partial<Record<Container, Measure>>> = {
  'ogg-opus': measureOpus,
  'ogg-vorbis': measureVorbis,
  mp3: measureMp3,
  mp4: measureMp4,
  flac: measureFlac,
};

/** Whether the structure of such a file tells how much audio is in it. */
export function tellsLength(container: Container): boolean {
  return measures[container] !== undefined;
}

/**
 * Finds out how much audio a file holds, and whether it is whole from its first to its last byte. Only
 * for containers that tell.
 */
export async function measureFile(
  path: string,
  container: Container,
): Promise<Result<Measured, string>> {
  const measure = measures[container];
  if (measure === undefined) throw new Error(`${container} does not tell its length`);
  await using file = await open(path, 'r');
  return await measure(file);
}
