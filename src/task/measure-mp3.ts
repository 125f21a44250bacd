import { err, ok } from '../lib/result.js';
import { ID3V2_HEADER_BYTES, id3v2Length } from '../sources/id3v2.js';
import type { Measure, Measured } from './measure.js';
import { readAt } from './read-at.js';
import { trailingTagBytes } from './trailing-tags.js';

const HEAD_BYTES = 4096;
const MPEG1_RATES: readonly number[] = [44_100, 48_000, 32_000];
const FRAMES_KNOWN = 1;
const BYTES_KNOWN = 2;

/**
 * MP3: the Xing/Info header that lame puts into the first frame: frames, bytes, encoder delay and
 * padding. Its count of bytes must be what the file has between its tags.
 */
export const measureMp3: Measure = async (file) => {
  const { size } = await file.stat();
  const start = id3v2Length(await readAt(file, 0, ID3V2_HEADER_BYTES));
  const head = await readAt(file, start, HEAD_BYTES);
  const shape = head.length < 192 ? undefined : parseFrameHeader(head);
  if (shape === undefined) return err('it does not begin with an MPEG frame');
  const at = shape.xingAt;
  const name = head.toString('latin1', at, at + 4);
  const flags = head.readUInt32BE(at + 4);
  if (
    !['Xing', 'Info'].includes(name) ||
    (flags & FRAMES_KNOWN) === 0 ||
    (flags & BYTES_KNOWN) === 0
  ) {
    return err('its Xing header is missing: the encoder did not finish it');
  }
  const bytes = head.readUInt32BE(at + 12);
  const held = size - start - (await trailingTagBytes(file, size));
  if (bytes !== held) return err(`it has ${held} bytes of audio, not ${bytes}`);
  return ok(reckon(head, shape));
};

interface FrameShape {
  readonly sampleRate: number;
  readonly samplesPerFrame: number;
  readonly xingAt: number;
}

/** Of a Layer III frame at the start of `head`. */
function parseFrameHeader(head: Buffer): FrameShape | undefined {
  const [first = 0, second = 0, third = 0, fourth = 0] = head;
  const version = (second >> 3) & 3;
  const rate = MPEG1_RATES[(third >> 2) & 3];
  const layer3 = first === 0xff && (second & 0xe6) === 0xe2;
  if (!layer3 || version === 1 || rate === undefined) return undefined;
  const mpeg1 = version === 3;
  const mono = fourth >> 6 === 3;
  const sideInfoBytes = mpeg1 ? (mono ? 17 : 32) : mono ? 9 : 17;
  return {
    sampleRate: mpeg1 ? rate : version === 2 ? rate / 2 : rate / 4,
    samplesPerFrame: mpeg1 ? 1152 : 576,
    xingAt: 4 + sideInfoBytes,
  };
}

/** The frame with the header itself does not count; delay and padding stand 141 bytes behind its start. */
function reckon(head: Buffer, shape: FrameShape): Measured {
  const frames = head.readUInt32BE(shape.xingAt + 8);
  const gaps = head.readUIntBE(shape.xingAt + 141, 3);
  const samples = frames * shape.samplesPerFrame - (gaps >> 12) - (gaps & 0xfff);
  return { samples, sampleRate: shape.sampleRate };
}
