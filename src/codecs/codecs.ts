import type { Json, JsonObject } from '../lib/json.js';
import type { Codec, CodecFamily } from './codec.js';
import { codecs, families } from './registry.gen.js';

/** A member of a family, as a name says it. */
export interface FamilyMember {
  readonly family: CodecFamily;
  readonly member: string;
}

/** What decides which codec makes an output; a part of the recipe. */
interface Choice {
  readonly codec: string;
  readonly options: JsonObject;
  readonly extension?: string;
}

/** The codec that a manifest names, or `undefined`; members of a family are made as they are asked for. */
export function findCodec(name: string, extension?: string): Codec | undefined {
  const found = familyMember(name);
  if (found !== undefined) return found.family.codec(found.member, extension);
  return codecs.find((codec) => codec.name === name);
}

/** The codec of a recipe, with what the encoder that it names has of its own. */
export function codecOf({ codec: name, options, extension }: Choice): Codec | undefined {
  const codec = findCodec(name, extension);
  if (codec?.kind !== 'encode') return codec;
  const chosen = codec.encoders?.find((choice) => choice.name === options['encoder']);
  return chosen === undefined ? codec : { ...codec, ...chosen, name: codec.name };
}

/** The family and the member of a name like `ffmpeg:wmav2`; `undefined`: it has no such form. */
export function familyMember(name: string): FamilyMember | undefined {
  const colon = name.indexOf(':');
  if (colon <= 0 || colon === name.length - 1) return undefined;
  const before = name.slice(0, colon);
  const family = families.find((one) => one.name === before || one.aliases.includes(before));
  return family && { family, member: name.slice(colon + 1) };
}

/** The defaults that the schema of a codec's options states. */
export function optionDefaults(codec: Codec): JsonObject {
  const rules = (codec.options['properties'] ?? {}) as Readonly<Record<string, JsonObject>>;
  const defaults: Record<string, Json> = {};
  for (const [name, rule] of Object.entries(rules)) {
    if (rule['default'] !== undefined) defaults[name] = rule['default'];
  }
  return defaults;
}
