/** Frames a second, in which cue sheets count. */
const FRAMES = 75;
const CATALOG_BYTES = 128;
const HEADER_BYTES = CATALOG_BYTES + 8 + 259 + 1;
const TRACK_BYTES = 36;
const INDEX_BYTES = 12;
/** Behind the last track: 170 on a CD, 255 elsewhere. */
const LEAD_OUT = 170;

/**
 * A CUESHEET block (RFC 9639, section 8.7) as the text that programs read from a tag `CUESHEET`;
 * `undefined` when the block is cut short or names no track. Times are cut to 1/75 s. The file is called
 * `audio`, whatever its name is: tags do not depend on names.
 */
export function cueText(block: Uint8Array, sampleRate: number): string | undefined {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.length);
  if (bytes.length < HEADER_BYTES) return undefined;
  const catalog = textAt(bytes, 0, CATALOG_BYTES);
  const lines = [...(catalog === '' ? [] : [`CATALOG ${catalog}`]), 'FILE "audio" WAVE'];
  let at = HEADER_BYTES;
  let tracks = 0;
  for (let left = bytes[HEADER_BYTES - 1] ?? 0; left > 0; left -= 1) {
    if (at + TRACK_BYTES > bytes.length) return undefined;
    const indexes = bytes[at + TRACK_BYTES - 1] ?? 0;
    const end = at + TRACK_BYTES + indexes * INDEX_BYTES;
    if (end > bytes.length) return undefined;
    const number = bytes[at + 8] ?? 0;
    if (number < LEAD_OUT) {
      lines.push(...trackLines(bytes.subarray(at, end), number, sampleRate));
      tracks += 1;
    }
    at = end;
  }
  return tracks === 0 ? undefined : `${lines.join('\n')}\n`;
}

function trackLines(track: Buffer, number: number, sampleRate: number): readonly string[] {
  const offset = track.readBigUInt64BE(0);
  const flags = track[21] ?? 0;
  const isrc = textAt(track, 9, 12);
  const lines = [`  TRACK ${twoDigits(number)} ${(flags & 0x80) === 0 ? 'AUDIO' : 'MODE1/2352'}`];
  if ((flags & 0x40) !== 0) lines.push('    FLAGS PRE');
  if (isrc !== '') lines.push(`    ISRC ${isrc}`);
  for (let at = TRACK_BYTES; at < track.length; at += INDEX_BYTES) {
    const samples = Number(offset + track.readBigUInt64BE(at));
    lines.push(`    INDEX ${twoDigits(track[at + 8] ?? 0)} ${timeOf(samples, sampleRate)}`);
  }
  return lines;
}

function timeOf(samples: number, sampleRate: number): string {
  const frames = Math.floor((samples * FRAMES) / sampleRate);
  const seconds = Math.floor(frames / FRAMES);
  return [Math.floor(seconds / 60), seconds % 60, frames % FRAMES].map(twoDigits).join(':');
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Printable ASCII up to the first zero byte. */
function textAt(bytes: Buffer, at: number, length: number): string {
  const [text = ''] = bytes.toString('latin1', at, at + length).split('\0');
  return text.replaceAll(/[^ -~]/g, '').trim();
}
