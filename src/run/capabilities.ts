import type { Capabilities } from '../cluster/contract.js';
import { allPrograms } from '../codecs/all-programs.js';
import { listFfmpegEncoders } from '../codecs/ffmpeg-encoders.js';
import { ffmpegProgram } from '../codecs/programs.js';
import { probePrograms } from '../task/probe.js';

/** The encoders of this machine with their versions, by running them; all, or those of these names. */
export async function programsHere(names?: readonly string[]): Promise<Capabilities> {
  const asked = allPrograms().filter(({ name }) => names?.includes(name) ?? true);
  const found = await probePrograms(asked);
  return Object.fromEntries([...found].map(([name, { version }]) => [name, version] as const));
}

/** The same, and those inside ffmpeg as `ffmpeg:NAME`, for masters that know this machine by this alone. */
export async function capabilitiesHere(): Promise<Capabilities> {
  const programs = await programsHere();
  const ffmpeg = (await probePrograms([ffmpegProgram])).get(ffmpegProgram.name);
  if (ffmpeg === undefined) return programs;
  const inner = (await listFfmpegEncoders(ffmpeg.path)) ?? [];
  const { name: family } = ffmpegProgram;
  return {
    ...programs,
    ...Object.fromEntries(inner.map((name) => [`${family}:${name}`, ffmpeg.version] as const)),
  };
}
