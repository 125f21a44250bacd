import { familyMember, findCodec, optionDefaults } from '../codecs/codecs.js';
import type { Codec, EncoderChoice } from '../codecs/codec.js';
import { canEncode } from '../codecs/machine.js';
import type { Machine } from '../codecs/machine.js';
import type { JsonObject } from '../lib/json.js';
import { nearest } from '../lib/nearest.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import { didYouMean } from './failure.js';
import type { Problem } from './failure.js';

/** The options of a recipe: `auto` replaced by what it took, and which one that is, for people. */
interface ChosenEncoder {
  readonly options: JsonObject;
  /** Only where `auto` was asked for. */
  readonly chosen?: string;
}

/** The parts of a profile, as it is written, that the choice depends on. */
interface WrittenChoice {
  readonly codec?: string;
  readonly options?: object;
}

const AUTO = 'auto';

/**
 * Decides which program encodes, once and for all machines: it is a part of the recipe. The usual one
 * is left out of it, as it is where nobody names any.
 */
export function resolveEncoder(
  codec: Codec,
  options: JsonObject,
  machine: Machine | undefined,
): Result<ChosenEncoder, Problem> {
  const choices = (codec.kind === 'encode' ? codec.encoders : undefined) ?? [];
  const [first] = choices;
  const { encoder, ...others } = options;
  if (first === undefined || encoder === undefined) return ok({ options });
  const taken = encoder === AUTO ? firstPresent(choices, machine)?.name : (encoder as string);
  if (taken === undefined) return err(nonePresent(codec.name, choices));
  const implied = taken === first.name && optionDefaults(codec)['encoder'] === undefined;
  const resolved = implied ? others : { ...others, encoder: taken };
  return ok({ options: resolved, ...(encoder === AUTO ? { chosen: taken } : {}) });
}

function firstPresent(
  choices: readonly EncoderChoice[],
  machine: Machine | undefined,
): EncoderChoice | undefined {
  return machine === undefined ? choices[0] : choices.find((choice) => canEncode(machine, choice));
}

function nonePresent(codec: string, choices: readonly EncoderChoice[]): Problem {
  const ways = choices.map(({ programs: [program], ffmpegEncoder }) =>
    ffmpegEncoder === undefined
      ? `${program.name} (Debian package ${program.packages.debian})`
      : `${program.name} built with ${ffmpegEncoder}`,
  );
  return {
    code: 'MANIFEST_ENCODER_MISSING',
    message: `codec ${codec} has no encoder here: "encoder" is auto, and none that it could take is on PATH`,
    hint: `install ${ways.join(', or ')}; or name one that the workers have`,
  };
}

/** What is wrong with a member of a family as such, or on this machine; `undefined`: nothing. */
export function memberProblem(codec: string, machine: Machine | undefined): Problem | undefined {
  const found = familyMember(codec);
  if (found === undefined) return undefined;
  const { family, member } = found;
  const why = family.refusal(member);
  if (why !== undefined) {
    const message = `codec ${family.name}:${member} cannot be used: ${why}`;
    return {
      code: 'MANIFEST_BAD_VALUE',
      message,
      hint: '"flac2all codecs" lists what can be used',
    };
  }
  const present = machine?.ffmpegEncoders;
  if (present === undefined || present.includes(member) || family.members.includes(member)) {
    return undefined;
  }
  const near = nearest(member, [...present, ...family.members]);
  return {
    code: 'MANIFEST_UNKNOWN_NAME',
    message: `the ffmpeg here has no audio encoder "${member}"`,
    hint: didYouMean(near && `${family.name}:${near}`, '"flac2all codecs" lists those that it has'),
  };
}

/** Whether only the machine can tell what a profile means. */
export function asksMachine({ codec: name, options }: WrittenChoice): boolean {
  if (name === undefined) return false;
  if (familyMember(name) !== undefined) return true;
  const codec = findCodec(name);
  const defaults = codec === undefined ? {} : optionDefaults(codec);
  const all: Readonly<Record<string, unknown>> = { ...defaults, ...options };
  return all['encoder'] === AUTO;
}
