import { createReadStream } from 'node:fs';
import { flacProgram } from '../codecs/programs.js';
import type { Command } from './child.js';
import type { Inspection } from './inspect-source.js';
import type { Line } from './line.js';
import type { Toolbox } from './toolbox.js';

/** `check` decodes and throws the audio away; `rf64` can have any length, `wav` must be stated. */
export type DecodeForm = 'check' | 'wav' | 'rf64';

const FORM_ARGS: Readonly<Record<DecodeForm, readonly string[]>> = {
  check: ['--test'],
  wav: ['--decode', '--stdout'],
  rf64: ['--decode', '--stdout', '--force-rf64-format'],
};

/**
 * The decoding end of a line. flac checks the CRC of every frame and the MD5 of all audio. It calls
 * an ID3v1 tag behind the audio a lost frame, so such a source is given to it without the tag: then
 * its word counts here too.
 */
export function decoding(
  source: { readonly path: string; readonly inspection: Inspection },
  form: DecodeForm,
  tools: Toolbox,
): Pick<Line, 'decoder' | 'feed'> {
  const { id3v1At } = source.inspection;
  const input = id3v1At === undefined ? ['--', source.path] : ['-'];
  const decoder: Command = tools.command(flacProgram, [...FORM_ARGS[form], '--silent', ...input]);
  if (id3v1At === undefined) return { decoder };
  return { decoder, feed: createReadStream(source.path, { end: id3v1At - 1 }) };
}
