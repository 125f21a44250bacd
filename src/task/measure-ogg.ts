import type { FileHandle } from 'node:fs/promises';
import { giveChunk } from '../lib/file-chunks.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import { parseStreamInfo, STREAM_INFO_AT, STREAM_INFO_BYTES } from '../sources/flac-blocks.js';
import type { Measure, Measured } from './measure.js';
import { FIRST_PAGE, isSound, LAST_PAGE } from './ogg-page.js';
import type { OggPage } from './ogg-page.js';
import { readPages } from './ogg-pages.js';

const OPUS_RATE = 48_000;
/** Nine bytes of the mapping to Ogg stand in front. */
const OGG_STREAM_INFO_AT = 9 + STREAM_INFO_AT;

/** Ogg Opus (RFC 7845): the last granule position less the pre-skip, always at 48 kHz. */
export const measureOpus: Measure = (file) =>
  measureOgg(file, (id, lastGranule) => {
    if (id.length < 19 || id.toString('latin1', 0, 8) !== 'OpusHead') return undefined;
    return { samples: lastGranule - id.readUInt16LE(10), sampleRate: OPUS_RATE };
  });

/** Ogg Vorbis: the last granule position, at the rate of the identification header. */
export const measureVorbis: Measure = (file) =>
  measureOgg(file, (id, lastGranule) => {
    if (id.length < 30 || id.toString('latin1', 0, 7) !== '\x01vorbis') return undefined;
    return { samples: lastGranule, sampleRate: id.readUInt32LE(12) };
  });

/**
 * Ogg FLAC, with the checksums of all pages: flac passes over what is damaged or missing between pages,
 * and over all further streams, and where there is no MD5 it does not even say so.
 */
export const measureOggFlac: Measure = (file) => measureOgg(file, reckonFlac, faultOf);

const reckonFlac: Reckon = (id, samples) => {
  if (id.length < OGG_STREAM_INFO_AT + STREAM_INFO_BYTES) return undefined;
  const { sampleRate } = parseStreamInfo(id.subarray(OGG_STREAM_INFO_AT));
  return { samples, sampleRate };
};

function faultOf(page: OggPage): string | undefined {
  return isSound(page) ? undefined : `Ogg page ${page.sequence} is damaged`;
}

type Reckon = (id: Buffer, lastGranule: number) => Measured | undefined;

/** Walks all pages: they follow each other without a gap, belong to one stream, and the last says so. */
async function measureOgg(
  file: FileHandle,
  reckon: Reckon,
  fault: typeof faultOf = () => undefined,
): Promise<Result<Measured, string>> {
  const { size } = await file.stat();
  let first: OggPage | undefined;
  let last: OggPage | undefined;
  let wanted = 0;
  let end = 0;
  for await (const run of readPages(file, 0)) {
    first ??= run.pages[0]?.copy();
    for (const page of run.pages) {
      if (page.serial !== first?.serial) return err('it holds more than one Ogg stream');
      if (page.sequence !== wanted) return err(`Ogg page ${wanted} is missing`);
      const wrong = fault(page);
      if (wrong !== undefined) return err(wrong);
      wanted += 1;
    }
    last = run.pages.at(-1)?.copy();
    end = run.end;
    giveChunk(run.bytes);
  }
  if (first === undefined || last === undefined || (first.flags & FIRST_PAGE) === 0) {
    return err('it is not Ogg');
  }
  if (end !== size) return err(`it breaks off inside an Ogg page at byte ${end} of ${size}`);
  if ((last.flags & LAST_PAGE) === 0) return err('its last Ogg page is missing');
  const measured = reckon(first.body, Number(last.granule));
  return measured === undefined ? err('its first Ogg page has no known header') : ok(measured);
}
