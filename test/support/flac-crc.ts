/** CRC-8 of a frame header (polynomial 0x07). */
export function crc8(bytes: Uint8Array): number {
  return crc(bytes, { width: 8, polynomial: 0x07 });
}

/** CRC-16 of a frame (polynomial 0x8005). */
export function crc16(bytes: Uint8Array): number {
  return crc(bytes, { width: 16, polynomial: 0x80_05 });
}

function crc(
  bytes: Uint8Array,
  { width, polynomial }: { width: number; polynomial: number },
): number {
  const top = 1 << (width - 1);
  const mask = (1 << width) - 1;
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << (width - 8);
    for (let bit = 0; bit < 8; bit += 1) {
      value = ((value & top) === 0 ? value << 1 : (value << 1) ^ polynomial) & mask;
    }
  }
  return value;
}
