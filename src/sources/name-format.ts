/** How many bytes `nameFormat` looks at. */
export const SNIFF_BYTES = 64;

interface Signature {
  readonly name: string;
  /** At the very start; bytes as latin1. */
  readonly start: string;
  /** Further bytes at an offset. */
  readonly at?: readonly [offset: number, text: string];
}

/** The first match counts. */
const signatures: readonly Signature[] = [
  { name: 'a RIFF/WAVE file', start: 'RIFF', at: [8, 'WAVE'] },
  { name: 'an AVI file', start: 'RIFF', at: [8, 'AVI '] },
  { name: 'an RF64/WAVE file', start: 'RF64' },
  { name: 'a Wave64 file', start: 'riff' },
  { name: 'an AIFF file', start: 'FORM', at: [8, 'AIF'] },
  { name: 'an Ogg stream with FLAC in it (Ogg FLAC)', start: 'OggS', at: [28, '\x7fFLAC'] },
  { name: 'an Ogg stream with Vorbis in it', start: 'OggS', at: [28, '\x01vorbis'] },
  { name: 'an Ogg stream with Opus in it', start: 'OggS', at: [28, 'OpusHead'] },
  { name: 'an Ogg stream', start: 'OggS' },
  { name: 'an MP4 or M4A file', start: '', at: [4, 'ftyp'] },
  { name: 'a WavPack file', start: 'wvpk' },
  { name: "a Monkey's Audio file", start: 'MAC ' },
  { name: 'a TTA file', start: 'TTA' },
  { name: 'a DSF file', start: 'DSD ' },
  { name: 'a DSDIFF file', start: 'FRM8' },
  { name: 'a Musepack file', start: 'MPCK' },
  { name: 'an ASF or WMA file', start: '\x30\x26\xb2\x75' },
  { name: 'a Matroska or WebM file', start: '\x1a\x45\xdf\xa3' },
  { name: 'a PNG image', start: '\x89PNG' },
  { name: 'a JPEG image', start: '\xff\xd8\xff' },
  { name: 'a ZIP archive', start: 'PK\x03\x04' },
];

/**
 * Names what a file that is not FLAC seems to be, with an article: `a RIFF/WAVE file`. `head` are
 * its first bytes, taken at `offset` (not 0: an ID3v2 tag stands in front).
 */
export function nameFormat(head: Uint8Array, offset: number): string {
  if (head.length === 0) return offset === 0 ? 'empty (0 bytes)' : 'nothing but an ID3v2 tag';
  const text = Buffer.from(head).toString('latin1');
  for (const { name, start, at } of signatures) {
    if (!text.startsWith(start)) continue;
    if (at === undefined || text.startsWith(at[1], at[0])) return name;
  }
  if (offset > 0) return nameFrames(head) ?? 'an MP3 file';
  return nameFrames(head) ?? nameFiller(head) ?? 'unknown data';
}

/** Audio frames without a container, told by their sync codes. */
function nameFrames(head: Uint8Array): string | undefined {
  const [first = 0, second = 0] = head;
  if (first !== 0xff) return undefined;
  if (second === 0xf8 || second === 0xf9) return 'FLAC frames without the header in front of them';
  if ((second & 0xf6) === 0xf0) return 'an AAC (ADTS) stream';
  return (second & 0xe0) === 0xe0 ? 'an MP3 file' : undefined;
}

function nameFiller(head: Uint8Array): string | undefined {
  if (head.every((byte) => byte === 0)) {
    return 'NUL bytes (a broken download or a damaged disk?)';
  }
  return head.every(isText) ? 'a text file' : undefined;
}

function isText(byte: number): boolean {
  const white = byte === 0x09 || byte === 0x0a || byte === 0x0d;
  return white || (byte >= 0x20 && byte < 0x7f);
}
