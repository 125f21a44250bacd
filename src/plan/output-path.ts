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
  const parts = rel.split('/').map((part) => fit(safePart(part, set.names), sourceRel));
  return posix.join(set.root, ...parts) as AbsolutePath;
}

/** Cuts an over-long name and adds a suffix that is stable for this source, keeping the extension. */
function fit(part: string, sourceRel: string): string {
  if (Buffer.byteLength(part) <= MAX_NAME_BYTES) return part;
  const extension = posix.extname(part);
  const suffix = `~${sha256Of(sourceRel).slice(0, 8)}${extension}`;
  const room = MAX_NAME_BYTES - Buffer.byteLength(suffix);
  const kept = cutToBytes(part.slice(0, part.length - extension.length), room);
  return `${kept.trimEnd()}${suffix}`;
}
