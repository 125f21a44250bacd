import type { Codec } from './codec.js';
import { codecs } from './registry.gen.js';

/** The codec that a manifest names, or `undefined`. */
export function findCodec(name: string): Codec | undefined {
  return codecs.find((codec) => codec.name === name);
}
