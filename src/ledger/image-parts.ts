/*
 * An image consists of parts, one behind the other: a part's length in bytes (32 bits), its bytes, and
 * zeros up to the next multiple of four. They are asked for in the order in which they were written.
 * Integers are in the byte order of the machine.
 */
const LENGTH_BYTES = 4;

/** Collects parts. They are not copied, so nothing may change them before they are written. */
export class ImageWriter {
  readonly parts: Uint8Array[] = [];

  bytes(bytes: Uint8Array): void {
    this.parts.push(
      bytesOf(Int32Array.of(bytes.length)),
      bytes,
      new Uint8Array(filling(bytes.length)),
    );
  }

  integers(values: Int32Array): void {
    this.bytes(bytesOf(values));
  }

  number(value: number): void {
    this.integers(Int32Array.of(value));
  }

  text(text: string): void {
    this.bytes(Buffer.from(text));
  }
}

/** Reads parts, as views of one buffer. Throws a RangeError where there is none any more. */
export class ImageReader {
  readonly #buffer: Buffer;
  #at: number;

  /** The first one begins at `at`. */
  constructor(buffer: Buffer, at: number) {
    this.#buffer = buffer;
    this.#at = at;
  }

  bytes(): Buffer {
    const from = this.#at + LENGTH_BYTES;
    const length = integersOf(this.#buffer.subarray(this.#at, from))[0];
    if (length === undefined || from + length > this.#buffer.length)
      throw new RangeError('the image has no such part');
    this.#at = from + length + filling(length);
    return this.#buffer.subarray(from, from + length);
  }

  integers(): Int32Array {
    return integersOf(this.bytes());
  }

  number(): number {
    return this.integers()[0] ?? 0;
  }

  text(): string {
    return this.bytes().toString();
  }
}

function filling(length: number): number {
  return -length & (LENGTH_BYTES - 1);
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function integersOf(bytes: Buffer): Int32Array {
  const { buffer, byteOffset, length } =
    bytes.byteOffset % LENGTH_BYTES === 0 ? bytes : Uint8Array.from(bytes);
  return new Int32Array(buffer, byteOffset, Math.floor(length / LENGTH_BYTES));
}
