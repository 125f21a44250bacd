const DIGITS =
  '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

/** How ZeroMQ writes keys (RFC 32): 40 characters for 32 bytes. */
export const Z85_KEY: RegExp = /^[0-9a-zA-Z.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/;

/** Bytes, a multiple of four, as Z85 text. */
export function toZ85(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    let value = view.getUint32(at);
    let group = '';
    for (let digit = 0; digit < 5; digit += 1) {
      group = `${DIGITS[value % 85] ?? ''}${group}`;
      value = Math.floor(value / 85);
    }
    text += group;
  }
  return text;
}

/** The bytes of Z85 text, a multiple of five characters. */
export function fromZ85(text: string): Buffer {
  const bytes = Buffer.alloc((text.length / 5) * 4);
  for (let at = 0; at + 5 <= text.length; at += 5) {
    const digits = Array.from(text.slice(at, at + 5), (digit) => DIGITS.indexOf(digit));
    const value = digits.reduce((sum, digit) => sum * 85 + digit, 0);
    bytes.writeUInt32BE(value % 2 ** 32, (at / 5) * 4);
  }
  return bytes;
}
