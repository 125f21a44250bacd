import { err, ok } from '../lib/result.js';
import { findBox } from './mp4-box.js';
import { layOutMp4 } from './mp4-layout.js';
import type { Measure, Measured } from './measure.js';
import { readAt } from './read-at.js';

/** MP4 with one audio track: its media duration less what the edit list cuts off the start. */
export const measureMp4: Measure = async (file) => {
  const layout = await layOutMp4(file);
  if (!layout.ok) return layout;
  const { moov, mdat } = layout.value;
  const track = findBox(await readAt(file, moov.start, moov.end - moov.start), 'moov/trak');
  const measured = track && reckon(track);
  if (track === undefined || measured === undefined) return err('its track header is not whole');
  const bytes = sampleBytes(track);
  const room = mdat.end - mdat.start;
  if (bytes > room) return err(`its track has ${bytes} bytes, its data only ${room}`);
  return ok(measured);
};

/** `mdhd` and `elst` come in two versions, with 32 and with 64 bits. */
function reckon(track: Buffer): Measured | undefined {
  const mdhd = findBox(track, 'mdia/mdhd');
  if (mdhd === undefined || mdhd.length < 24) return undefined;
  const wide = mdhd[0] === 1;
  const sampleRate = mdhd.readUInt32BE(wide ? 20 : 12);
  const duration = wide ? Number(mdhd.readBigUInt64BE(24)) : mdhd.readUInt32BE(16);
  return { samples: Math.max(0, duration - editStart(track)), sampleRate };
}

/** Media time at which the first edit begins: the encoder's delay. */
function editStart(track: Buffer): number {
  const elst = findBox(track, 'edts/elst');
  if (elst === undefined || elst.length < 20) return 0;
  const start = elst[0] === 1 ? Number(elst.readBigInt64BE(16)) : elst.readInt32BE(12);
  return Math.max(0, start);
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
