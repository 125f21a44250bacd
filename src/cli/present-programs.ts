import { findProgram } from '../codecs/find-program.js';
import { ffmpegProgram, flacProgram } from '../codecs/programs.js';
import { codecs } from '../codecs/registry.gen.js';

/** The names of those of our programs that are on a PATH. */
export async function presentPrograms(path: string | undefined): Promise<ReadonlySet<string>> {
  const programs = [flacProgram, ffmpegProgram, ...codecs.flatMap((codec) => codec.programs)];
  const names = [...new Set(programs.map(({ name }) => name))];
  const found = await Promise.all(names.map((name) => findProgram(name, path)));
  return new Set(names.filter((_, at) => found[at] !== undefined));
}
