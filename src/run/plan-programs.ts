import { codecOf } from '../codecs/codecs.js';
import type { Codec, PcmFormat } from '../codecs/codec.js';
import { findProgram } from '../codecs/find-program.js';
import { ffmpegProgram } from '../codecs/programs.js';
import type { Manifest, Profile } from '../manifest/manifest.js';
import type { Change, Desired } from '../plan/action.js';
import { audioShape } from '../plan/audio-length.js';
import { isMade } from '../plan/estimate.js';
import { formatCounted } from '../report/format.js';
import { targetFormat } from '../task/conversion.js';

/** A program that is not there, and how many outputs of a profile are to be made with it. */
export interface ProgramLack {
  readonly program: string;
  readonly profile: string;
  readonly outputs: number;
}

/**
 * Warnings for programs that a plan's outputs are made with on this machine and that are not on a PATH.
 * Looks at PATH only: no program is started, so what ffmpeg can do inside is not known.
 */
export async function missingProgramTexts(
  changes: readonly Change[],
  { cluster }: Pick<Manifest, 'cluster'>,
  path: string | undefined,
): Promise<readonly string[]> {
  if (cluster.workers === 0) return [];
  const profiles = new Set<Profile>();
  for (const change of changes) if (made(change)) profiles.add(change.desired.set.profile);
  const programs = [...profiles].flatMap((profile) => codecFor(profile)?.programs ?? []);
  const needed = new Set([...programs, ffmpegProgram].map(({ name }) => name));
  const present = new Set<string>();
  for (const name of needed) if (await findProgram(name, path)) present.add(name);
  return lackingPrograms(changes, present).map(
    ({ program, profile, outputs }) =>
      `profile ${profile}: ${program} is not on PATH here, and ${formatCounted(outputs, 'output')} ${outputs === 1 ? 'is' : 'are'} to be made with it; \`flac2all doctor\` says how to install it`,
  );
}

/** The programs that are not among those present, by profile, in the order of the plan. */
export function lackingPrograms(
  changes: readonly Change[],
  present: ReadonlySet<string>,
): readonly ProgramLack[] {
  const lacks = new Map<string, ProgramLack>();
  for (const change of changes) {
    if (!made(change)) continue;
    const { profile } = change.desired.set;
    for (const program of programsOf(change.desired, present)) {
      if (present.has(program)) continue;
      const key = `${program}\0${profile.name}`;
      const outputs = (lacks.get(key)?.outputs ?? 0) + 1;
      lacks.set(key, { program, profile: profile.name, outputs });
    }
  }
  return [...lacks.values()];
}

function made(change: Change): change is Change & { readonly desired: Desired } {
  return isMade(change.action) && change.desired?.sidecar === false;
}

const codecs = new WeakMap<Profile, Codec>();

function codecFor(profile: Profile): Codec | undefined {
  const codec = codecs.get(profile) ?? codecOf(profile.recipe.audio);
  if (codec !== undefined) codecs.set(profile, codec);
  return codec;
}

function programsOf(
  { set: { profile }, source }: Desired,
  present: ReadonlySet<string>,
): readonly string[] {
  const codec = codecFor(profile);
  if (codec === undefined) return [];
  const own = codec.programs.map(({ name }) => name);
  const asks = codec.kind === 'encode' && !present.has(ffmpegProgram.name);
  if (!asks || own.includes(ffmpegProgram.name)) return own;
  const pcm: PcmFormat | undefined = audioShape(source);
  const converts =
    pcm !== undefined && targetFormat(pcm, codec.input, profile.recipe.audio.limits) !== pcm;
  return converts ? [...own, ffmpegProgram.name] : own;
}
