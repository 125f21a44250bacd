/** A way to hurt a FLAC file; `random` gives numbers in [0, 1). */
export type Damage = (bytes: Buffer, random: () => number) => Buffer;

const STREAM_INFO_AT = 8;
const SAMPLES_AT = STREAM_INFO_AT + 14;
const MD5_AT = STREAM_INFO_AT + 18;
const BLOCKS_AT = STREAM_INFO_AT + 34;

/** What disks, downloads, editors and careless programs do to FLAC files. */
export const DAMAGES: Readonly<Record<string, Damage>> = {
  none: (bytes) => bytes,
  'cut short anywhere': (bytes, random) => bytes.subarray(0, below(random, bytes.length)),
  'cut short at its end': (bytes, random) => bytes.subarray(0, -1 - below(random, 40)),
  'cut short, no MD5': (bytes, random) =>
    withoutMd5(bytes).subarray(0, below(random, bytes.length)),
  'last frame gone, no MD5': (bytes) => withoutMd5(bytes).subarray(0, framesOf(bytes).at(-1)),
  'first frame gone, no MD5': (bytes) =>
    Buffer.concat([bytes.subarray(0, audioAt(bytes)), bytes.subarray(framesOf(bytes)[1])]),
  'a frame gone': (bytes, random) => {
    const frames = framesOf(bytes);
    const at = below(random, frames.length - 1);
    return Buffer.concat([bytes.subarray(0, frames[at]), bytes.subarray(frames[at + 1])]);
  },
  'a bit in its audio': (bytes, random) => flip(bytes, random, [audioAt(bytes), bytes.length]),
  'a bit in its metadata': (bytes, random) => flip(bytes, random, [0, audioAt(bytes)]),
  'a bit in its STREAMINFO': (bytes, random) => flip(bytes, random, [STREAM_INFO_AT, BLOCKS_AT]),
  'a bit in its MD5': (bytes, random) => flip(bytes, random, [MD5_AT, BLOCKS_AT]),
  'a bit in its audio, no MD5': (bytes, random) =>
    flip(withoutMd5(bytes), random, [audioAt(bytes), bytes.length]),
  'no MD5': withoutMd5,
  'no length': (bytes) => withSamples(bytes, 0),
  'no length, cut short': (bytes, random) =>
    withSamples(bytes, 0).subarray(0, below(random, bytes.length)),
  'neither length nor MD5': (bytes) => withSamples(withoutMd5(bytes), 0),
  'a wrong length': (bytes, random) => withSamples(bytes, 1 + below(random, 30_000)),
  'a wrong length, no MD5': (bytes, random) =>
    withSamples(withoutMd5(bytes), 1 + below(random, 30_000)),
  'zeros in its midst': (bytes, random) => {
    const at = audioAt(bytes) + below(random, bytes.length - audioAt(bytes));
    return Buffer.from(bytes).fill(0, at, Math.min(bytes.length, at + 500));
  },
  'zeros behind it': (bytes, random) =>
    Buffer.concat([bytes, Buffer.alloc(1 + below(random, 5000))]),
  'itself behind it': (bytes) => Buffer.concat([bytes, bytes]),
  'ID3v2 in front': (bytes) =>
    Buffer.concat([Buffer.from('4944330400000000000a', 'hex'), Buffer.alloc(10), bytes]),
  'a senseless seek table': (bytes) => withBlock(bytes, { type: 3, data: Buffer.alloc(180, 0xa5) }),
  'a comment of zero bytes': (bytes) => withBlock(bytes, { type: 4, data: Buffer.alloc(0) }),
  'a block of an unknown type': (bytes) => withBlock(bytes, { type: 99, data: Buffer.alloc(9) }),
  'as much padding as there can be': (bytes) =>
    withBlock(bytes, { type: 1, data: Buffer.alloc(2 ** 24 - 1) }),
};

function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}

function flip(bytes: Buffer, random: () => number, [from, to]: readonly [number, number]): Buffer {
  const changed = Buffer.from(bytes);
  const at = from + below(random, to - from);
  changed.writeUInt8(changed.readUInt8(at) ^ (1 << below(random, 8)), at);
  return changed;
}

function withoutMd5(bytes: Buffer): Buffer {
  return Buffer.from(bytes).fill(0, MD5_AT, BLOCKS_AT);
}

function withSamples(bytes: Buffer, samples: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt32BE(samples, SAMPLES_AT);
  return changed;
}

function withBlock(
  bytes: Buffer,
  { type, data }: { readonly type: number; readonly data: Buffer },
): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(data.length);
  header[0] = type;
  return Buffer.concat([bytes.subarray(0, BLOCKS_AT), header, data, bytes.subarray(BLOCKS_AT)]);
}

/** Where the first frame begins. */
function audioAt(bytes: Buffer): number {
  for (let at = 4; ;) {
    const end = at + 4 + bytes.readUIntBE(at + 1, 3);
    if (bytes.readUInt8(at) > 0x7f) return end;
    at = end;
  }
}

/** Where frames begin, by their sync code; a chance find only makes the damage another one. */
function framesOf(bytes: Buffer): readonly number[] {
  const found: number[] = [];
  for (let at = audioAt(bytes); at + 1 < bytes.length; at += 1) {
    if (bytes[at] === 0xff && ((bytes[at + 1] ?? 0) & 0xfe) === 0xf8) found.push(at);
  }
  return found;
}
