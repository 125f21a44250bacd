import { createReadStream } from 'node:fs';
import { flacProgram } from '../codecs/programs.js';
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

interface Source {
  readonly path: string;
  readonly inspection: Inspection;
}

/** The decoding end of a line. flac checks the CRC of every frame and the MD5 of all audio. */
export function decoding(
  source: Source,
  form: DecodeForm,
  tools: Toolbox,
): Pick<Line, 'decoder' | 'feed'> {
  const { feed, input } = feeding(source);
  const ogg = source.inspection.ogg ? ['--ogg'] : [];
  const args = [...FORM_ARGS[form], ...ogg, '--silent', '--', input];
  return { decoder: tools.command(flacProgram, args), feed };
}

/**
 * How flac gets at a source: by its path. It calls an ID3v1 tag behind the audio a lost frame, so such
 * a source is fed to it without the tag: then its word counts there too.
 */
export function feeding(source: Source): { readonly feed: Line['feed']; readonly input: string } {
  const { id3v1At } = source.inspection;
  if (id3v1At === undefined) return { feed: undefined, input: source.path };
  return { feed: createReadStream(source.path, { end: id3v1At - 1 }), input: '-' };
}
