import { err, ok } from '../lib/result.js';
import { findBox } from './mp4-box.js';
import { layOutMp4 } from './mp4-layout.js';
import type { Measure, Measured } from './measure.js';
import { readAt } from './read-at.js';

/** MP4 with one audio track: its media duration, less what the edit list cuts off start and end. */
export const measureMp4: Measure = async (file) => {
  const layout = await layOutMp4(file);
  if (!layout.ok) return layout;
  const { moov, mdat } = layout.value;
  const movie = await readAt(file, moov.start, moov.end - moov.start);
  const track = findBox(movie, 'moov/trak');
  const measured = track && reckon(track, movieTimescale(movie));
  if (track === undefined || measured === undefined) return err('its track header is not whole');
  const bytes = sampleBytes(track);
  const room = mdat.end - mdat.start;
  if (bytes > room) return err(`its track has ${bytes} bytes, its data only ${room}`);
  return ok(measured);
};

/** `mdhd` and `elst` come in two versions, with 32 and with 64 bits. */
function reckon(track: Buffer, timescale: number): Measured | undefined {
  const mdhd = findBox(track, 'mdia/mdhd');
  if (mdhd === undefined || mdhd.length < 24) return undefined;
  const wide = mdhd[0] === 1;
  const sampleRate = mdhd.readUInt32BE(wide ? 20 : 12);
  const duration = wide ? Number(mdhd.readBigUInt64BE(24)) : mdhd.readUInt32BE(16);
  const { start, seconds } = firstEdit(track, timescale);
  return { samples: Math.max(0, Math.min(duration - start, seconds * sampleRate)), sampleRate };
}

/** Units a second of what stands in edit lists. */
function movieTimescale(movie: Buffer): number {
  const mvhd = findBox(movie, 'moov/mvhd');
  if (mvhd === undefined || mvhd.length < 24) return 0;
  return mvhd.readUInt32BE(mvhd[0] === 1 ? 20 : 12);
}

/** Media time at which the first edit begins (the encoder's delay), and how long it plays. */
function firstEdit(
  track: Buffer,
  timescale: number,
): { readonly start: number; readonly seconds: number } {
  const elst = findBox(track, 'edts/elst');
  const wide = elst?.[0] === 1;
  if (elst === undefined || elst.length < (wide ? 28 : 20) || timescale === 0) {
    return { start: 0, seconds: Infinity };
  }
  const start = wide ? Number(elst.readBigInt64BE(16)) : elst.readInt32BE(12);
  const length = wide ? Number(elst.readBigUInt64BE(8)) : elst.readUInt32BE(8);
  return { start: Math.max(0, start), seconds: length / timescale };
}

/** Of all samples (access units) in the track together. */
function sampleBytes(track: Buffer): number {
  const stsz = findBox(track, 'mdia/minf/stbl/stsz');
  if (stsz === undefined || stsz.length < 12) return 0;
  const each = stsz.readUInt32BE(4);
  const count = stsz.readUInt32BE(8);
  if (each !== 0) return each * count;
  let bytes = 0;
  for (let at = 12; at + 4 <= stsz.length; at += 4) bytes += stsz.readUInt32BE(at);
  return bytes;
}
