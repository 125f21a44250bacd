import type { Program } from './codec.js';
import { ffmpegProgram, flacProgram } from './programs.js';
import { codecs } from './registry.gen.js';

/** Every program that some codec can be made with, once each. */
export function allPrograms(): readonly Program[] {
  const own = codecs.flatMap((codec) => [
    ...codec.programs,
    ...(codec.kind === 'encode' ? (codec.encoders ?? []) : []).flatMap(({ programs }) => programs),
  ]);
  const byName = new Map([flacProgram, ffmpegProgram, ...own].map((one) => [one.name, one]));
  return [...byName.values()];
}
