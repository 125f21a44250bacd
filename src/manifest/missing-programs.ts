import type { Program } from '../codecs/codec.js';
import type { Machine } from '../codecs/machine.js';
import { ffmpegProgram } from '../codecs/programs.js';
import type { ManifestFailure, Problem } from './failure.js';
import { below, failureIn } from './place.js';
import { memberProblem } from './resolve-encoder.js';
import type { LocatedProfile } from './resolve-profiles.js';

/** Says of each program that a profile needs and this machine has not, how to get it. */
export function missingPrograms(
  { codec, profile, place }: LocatedProfile,
  { hasProgram, machine }: { hasProgram: (name: string) => boolean; machine?: Machine | undefined },
): readonly ManifestFailure[] {
  const missing = (program: Program, what: string, key: string): readonly ManifestFailure[] => {
    if (hasProgram(program.name)) return [];
    const failure = {
      code: 'MANIFEST_ENCODER_MISSING',
      message: `${what} the program "${program.name}", which is not on PATH`,
      hint: packageHint(program),
    } as const;
    return [failureIn(below(place, key), failure)];
  };
  const { ffmpegEncoder = '' } = codec.kind === 'encode' ? codec : {};
  const without =
    ffmpegEncoder !== '' &&
    machine?.ffmpegEncoders?.includes(ffmpegEncoder) === false &&
    memberProblem(codec.name, machine) === undefined;
  const limited = Object.keys(profile.recipe.audio.limits).length > 0;
  const { maxSize, format } = profile.recipe.tags.pictures ?? {};
  const converts = maxSize !== undefined || format !== undefined;
  const listed = codec.programs.some(({ name }) => name === ffmpegProgram.name);
  return [
    ...codec.programs.flatMap((program) => missing(program, `codec ${codec.name} needs`, 'codec')),
    ...(without ? [failureIn(below(place, 'codec'), builtWithout(ffmpegEncoder))] : []),
    ...(limited && !listed ? missing(ffmpegProgram, 'limits need', 'limits') : []),
    ...(converts && !listed ? missing(ffmpegProgram, 'pictures need', 'pictures') : []),
  ];
}

function builtWithout(encoder: string): Problem {
  return {
    code: 'MANIFEST_ENCODER_MISSING',
    message: `the ffmpeg here was built without the encoder ${encoder}`,
    hint: '"flac2all codecs" lists those that it has',
  };
}

function packageHint({ packages }: Program): string {
  const { debian, fedora, arch, alpine, macos } = packages;
  const others = Object.entries({ Fedora: fedora, Arch: arch, Alpine: alpine, macOS: macos })
    .filter(([, name]) => name !== debian)
    .map(([system, name]) => `; ${name} on ${system}`);
  return `install the package ${debian}${others.join('')}`;
}
