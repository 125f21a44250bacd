import { findCodec, familyMember } from '../../codecs/codecs.js';
import type { Machine } from '../../codecs/machine.js';
import { canEncode } from '../../codecs/machine.js';
import { codecs } from '../../codecs/registry.gen.js';
import { nearest } from '../../lib/nearest.js';
import type { Result } from '../../lib/result.js';
import { err, ok } from '../../lib/result.js';

/** One of the formats that a classic command line asks for. */
export interface Mode {
  /** As the user says it, and as its folder is called: `vorbis`, `f:alac`. */
  readonly name: string;
  /** As a manifest says it: `vorbis`, `ffmpeg:alac`. */
  readonly codec: string;
  /** The kind of file, where it is not the codec's usual one. */
  readonly extension?: string;
}

/** What is wrong with a list of modes, and where in it. */
export interface ModeProblem {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly hint: string;
}

/** Names of the original program for what is called otherwise here. */
const ALIASES: Readonly<Record<string, string>> = { ogg: 'vorbis' };
/** All formats at once, as far as this machine can make them. */
const ALL = 'all';
const ALL_MODES = ['mp3', 'vorbis', 'aacplus', 'opus', 'flac', 'test'];
const GONE: Readonly<Record<string, string>> = {
  aacplusnero: 'the Nero encoder is no longer supported: "aacplus" makes HE-AAC',
};
/** The kinds of file that the original puts encoders of ffmpeg into; all others go into Matroska. */
const FFMPEG_EXTENSIONS: Readonly<Record<string, string>> = {
  wmav1: 'wma',
  wmav2: 'wma',
  mp2: 'mp2',
  mp2fixed: 'mp2',
  ac3_fixed: 'ac3',
  libmp3lame: 'mp3',
  libshine: 'mp3',
  opus: 'opus',
  libopus: 'opus',
  aac: 'aac',
  libfdk_aac: 'aac',
};
const FFMPEG_CONTAINER = 'mka';

/** Whether an argument, where a command is expected, lists modes: at least one of them is right. */
export function isModeList(text: string): boolean {
  return text.split(',').some((part) => part.toLowerCase() === ALL || modeOf(part) !== undefined);
}

/** Reads `vorbis,mp3,f:alac`. Empty parts do not count, repeated ones count once. */
export function readModes(text: string): Result<readonly Mode[] | 'all', ModeProblem> {
  if (text.toLowerCase() === ALL) return ok(ALL);
  const modes = new Map<string, Mode>();
  let offset = 0;
  for (const part of text.split(',')) {
    const mode = modeOf(part);
    if (mode === undefined && part !== '') return err(unknownMode(part, offset));
    if (mode !== undefined) modes.set(mode.name, mode);
    offset += part.length + 1;
  }
  return ok([...modes.values()]);
}

/** The modes of `all`: those of the original program for which this machine has an encoder. */
export function allModes(machine: Machine): readonly Mode[] {
  const own = ALL_MODES.filter((name) => {
    const codec = findCodec(name);
    if (codec?.kind !== 'encode') return codec !== undefined;
    return (codec.encoders ?? [{ name, programs: codec.programs }]).some((choice) =>
      canEncode(machine, choice),
    );
  });
  const ffmpeg = (machine.ffmpegEncoders ?? []).map((name) => `f:${name}`);
  return [...own, ...ffmpeg].flatMap((name) => modeOf(name) ?? []);
}

/** Every name that a mode can have, but for those of ffmpeg's encoders. */
export function modeNames(): readonly string[] {
  return [...codecs.map(({ name }) => name), ...Object.keys(ALIASES), ALL];
}

function modeOf(written: string): Mode | undefined {
  const name = written.toLowerCase();
  const found = familyMember(name);
  if (found !== undefined) {
    const { family, member } = found;
    if (family.refusal(member) !== undefined) return undefined;
    const usual = FFMPEG_EXTENSIONS[member] ?? FFMPEG_CONTAINER;
    const extension = family.refusal(member, usual) === undefined ? { extension: usual } : {};
    return { name: `f:${member}`, codec: `${family.name}:${member}`, ...extension };
  }
  const codec = ALIASES[name] ?? name;
  return codecs.some((one) => one.name === codec) ? { name, codec } : undefined;
}

function unknownMode(part: string, offset: number): ModeProblem {
  const known = modeNames().filter((name) => name !== ALL);
  const near = nearest(part.toLowerCase(), known);
  const found = familyMember(part.toLowerCase());
  const why = found?.family.refusal(found.member);
  const list = `modes: ${known.join(', ')}, and f:NAME for encoders of ffmpeg`;
  return {
    offset,
    length: part.length,
    message:
      why === undefined ? `there is no mode "${part}"` : `mode "${part}" cannot be had: ${why}`,
    hint: GONE[part.toLowerCase()] ?? (near === undefined ? list : `did you mean "${near}"?`),
  };
}
