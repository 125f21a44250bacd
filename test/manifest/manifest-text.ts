import type { Machine } from '#src/codecs/machine.js';
import type { AbsolutePath } from '#src/lib/brand.js';
import type { ManifestFailure } from '#src/manifest/failure.js';
import type { Manifest } from '#src/manifest/manifest.js';
import { parseText } from '#src/manifest/parse.js';
import { resolveManifest } from '#src/manifest/resolve.js';
import { validateManifest } from '#src/manifest/validate.js';
import type { Result } from '#src/lib/result.js';

export const FILE = '/etc/music/flac2all.yaml' as AbsolutePath;
export const HOME = '/home/ann';

/** A manifest whose only source is /m, with these outputs. */
export function withOutputs(...outputs: readonly string[]): string {
  return `version: 1\nsource: /m\noutputs:\n${outputs.map((text) => `  - ${text}\n`).join('')}`;
}

type HasProgram = (name: string) => boolean;

/** The whole way from text to manifest, without a disk. */
export function fromText(
  text: string,
  hasProgram?: HasProgram,
  machine?: Machine,
): Result<Manifest, readonly ManifestFailure[]> {
  const document = parseText({ file: 'flac2all.yaml', text });
  if (!document.ok) return document;
  const valid = validateManifest(document.value);
  if (!valid.ok) return valid;
  return resolveManifest(valid.value, { file: FILE, home: HOME, hasProgram, machine });
}

/** The manifest of a text that must be right. */
export function manifestOf(text: string): Manifest {
  const result = fromText(text);
  if (result.ok) return result.value;
  throw new Error(result.error.map((failure) => show(failure)).join('\n'));
}

/** What is wrong with a text, as a person would see it. */
export function complaints(
  text: string,
  hasProgram?: HasProgram,
  machine?: Machine,
): readonly string[] {
  const result = fromText(text, hasProgram, machine);
  return result.ok ? [] : result.error.map((failure) => show(failure));
}

/** `CODE line:column message (hint)`, then the line and its caret. */
export function show({ code, message, hint, location }: ManifestFailure): string {
  const head = hint === undefined ? message : `${message} (${hint})`;
  if (location === undefined) return `${code} ${head}`;
  const { line, column, length, text } = location;
  const caret = `${' '.repeat(column - 1)}${'^'.repeat(length)}`;
  return [`${code} ${line}:${column} ${head}`, text, caret].join('\n');
}
