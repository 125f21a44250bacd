import { allPrograms } from './all-programs.js';
import type { EncoderChoice } from './codec.js';
import { listFfmpegEncoders } from './ffmpeg-encoders.js';
import { findProgram } from './find-program.js';
import { ffmpegProgram } from './programs.js';

/** What can be run on a machine. */
export interface Machine {
  readonly programs: ReadonlySet<string>;
  /** The audio encoders of its ffmpeg; `undefined` where there is none. */
  readonly ffmpegEncoders: readonly string[] | undefined;
}

/** Looks at this machine: which of our programs are on a PATH, and what its ffmpeg was built with. */
export async function lookAtMachine(path: string | undefined): Promise<Machine> {
  const names = allPrograms().map(({ name }) => name);
  const found = await Promise.all(names.map((name) => findProgram(name, path)));
  const ffmpeg = found[names.indexOf(ffmpegProgram.name)];
  return {
    programs: new Set(names.filter((_, at) => found[at] !== undefined)),
    ffmpegEncoders: ffmpeg === undefined ? undefined : await listFfmpegEncoders(ffmpeg),
  };
}

/** Whether a machine can encode with a choice. */
export function canEncode(machine: Machine, { programs, ffmpegEncoder }: EncoderChoice): boolean {
  if (!programs.every(({ name }) => machine.programs.has(name))) return false;
  if (ffmpegEncoder === undefined) return true;
  return machine.ffmpegEncoders?.includes(ffmpegEncoder) === true;
}
