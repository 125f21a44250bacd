import { posix } from 'node:path';
import type { AbsolutePath } from '../lib/brand.js';
import { sha256Of } from '../lib/checksum.js';
import { cutToBytes, MAX_NAME_BYTES } from '../lib/file-name.js';
import type { OutputSet } from '../manifest/manifest.js';
import type { SourceFact } from '../sources/source.js';
import { safePart } from './safe-name.js';
import { renderTemplate } from './template.js';

/**
 * Where the output of a source stands: layout first, then names, then the 255-byte limit of file
 * names. Depends on nothing but its arguments, so every run comes to the same path.
 */
export function outputPath(set: OutputSet, source: SourceFact): AbsolutePath {
  const extension = set.profile.extension ?? posix.extname(source.rel).slice(1);
  return finish(set, `${stem(set, source)}${extension === '' ? '' : `.${extension}`}`, source.rel);
}

/**
 * Where a sidecar goes: beside the outputs of the tracks in its folder, under its own name.
 * `folder` is the folder of those outputs relative to the set's root; `undefined` mirrors the source's.
 */
export function sidecarPath(set: OutputSet, rel: string, folder: string | undefined): AbsolutePath {
  return finish(set, posix.join(folder ?? posix.dirname(rel), posix.basename(rel)), rel);
}

function stem(set: OutputSet, source: SourceFact): string {
  const withoutExtension = source.rel.slice(
    0,
    source.rel.length - posix.extname(source.rel).length,
  );
  if (set.layout === 'mirror') return withoutExtension;
  if (set.layout === 'flat') return posix.basename(withoutExtension);
  return renderTemplate(set.layout, source.fields ?? new Map(), posix.basename(withoutExtension));
}

function finish(set: OutputSet, rel: string, sourceRel: string): AbsolutePath {
  if (set.names === 'keep' && Buffer.byteLength(rel) <= MAX_NAME_BYTES) {
    return `${set.root === '/' ? '' : set.root}/${rel}` as AbsolutePath;
  }
  const folders = rel.split('/').map((part) => safePart(part, set.names));
  const file = folders.pop() ?? '';
  // Tracks with one long folder name stay together; a file's suffix depends on its source alone.
  const parts = [...folders.map((part) => fit(part, part, '')), fit(file, sourceRel, ending(file))];
  return posix.join(set.root, ...parts) as AbsolutePath;
}

/** The extension; a dot in the midst of a title begins none. */
function ending(file: string): string {
  const extension = posix.extname(file);
  return /^\.[A-Za-z0-9_]{1,16}$/.test(extension) ? extension : '';
}

/** Cuts an over-long name and adds a suffix that is stable for what it is the name of. */
function fit(part: string, nameOf: string, extension: string): string {
  if (Buffer.byteLength(part) <= MAX_NAME_BYTES) return part;
  const suffix = `~${sha256Of(nameOf).slice(0, 8)}${extension}`;
  const room = MAX_NAME_BYTES - Buffer.byteLength(suffix);
  const kept = cutToBytes(part.slice(0, part.length - extension.length), room);
  return `${kept.trimEnd()}${suffix}`;
}
