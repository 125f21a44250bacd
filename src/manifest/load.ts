import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { lookAtMachine } from '../codecs/machine.js';
import type { Machine } from '../codecs/machine.js';
import type { AbsolutePath } from '../lib/brand.js';
import { realPath } from '../lib/real-path.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import { expandPath } from './expand-path.js';
import type { ManifestFailure } from './failure.js';
import type { Manifest } from './manifest.js';
import { parseText } from './parse.js';
import type { ParsedDocument } from './parse.js';
import { below, failureIn } from './place.js';
import type { Place } from './place.js';
import { readText } from './read-text.js';
import { asksMachine } from './resolve-encoder.js';
import { resolveManifest } from './resolve.js';
import { validateManifest, validateShared } from './validate.js';
import type { SharedProfiles, ValidManifest } from './validate.js';

/** What the machine has to do with a manifest. */
export interface LoadOptions {
  /** Whether a program can be run here; without it a missing encoder is not a failure. */
  readonly hasProgram?: (name: string) => boolean;
  /** What this machine can run, where the manifest depends on it; it looks by itself unless given. */
  readonly machine?: () => Promise<Machine>;
  /** What `~` stands for; the user's home folder unless given. */
  readonly home?: string;
}

/** Reads a manifest and all it extends, or says everything that is wrong with them. */
export async function loadManifest(
  file: string,
  options: LoadOptions = {},
): Promise<Result<Manifest, readonly ManifestFailure[]>> {
  const document = await readDocument(file);
  if (!document.ok) return document;
  return loadDocument(document.value, file, options);
}

/** The same for a manifest that was read already, or made; `file` is where it would stand. */
export async function loadDocument(
  document: ParsedDocument,
  file: string,
  options: LoadOptions = {},
): Promise<Result<Manifest, readonly ManifestFailure[]>> {
  const { hasProgram, home = homedir() } = options;
  const valid = validateManifest(document);
  if (!valid.ok) return valid;
  const shared = await readShared(valid.value, home);
  if (!shared.ok) return shared;
  const absolute = resolve(file) as AbsolutePath;
  const look = options.machine ?? (() => lookAtMachine(process.env['PATH']));
  const asks = hasProgram !== undefined || dependsOnMachine(valid.value, shared.value);
  const machine = asks ? await look() : undefined;
  const context = { file: absolute, home, shared: shared.value, hasProgram, machine, realPath };
  return resolveManifest(valid.value, context);
}

function dependsOnMachine({ content }: ValidManifest, shared: readonly SharedProfiles[]): boolean {
  const layers = [content.profiles ?? {}, ...shared.map((one) => one.content.profiles)];
  const written = layers.flatMap((profiles) => Object.values(profiles));
  return [...written, ...content.outputs].some((one) => asksMachine(one));
}

async function readDocument(
  file: string,
): Promise<Result<ParsedDocument, readonly ManifestFailure[]>> {
  const text = await readText(file);
  return text.ok ? parseText({ file, text: text.value }) : err([text.error]);
}

async function readShared(
  { document, content }: ValidManifest,
  home: string,
): Promise<Result<readonly SharedProfiles[], readonly ManifestFailure[]>> {
  const written = content.extends ?? [];
  const place: Place = { document, path: ['extends'] };
  const links =
    typeof written === 'string'
      ? [{ reference: written, place }]
      : written.map((reference, index) => ({ reference, place: below(place, index) }));
  const results = await Promise.all(links.map((link) => readSharedFile(link, home)));
  const failures = results.flatMap((result) => (result.ok ? [] : result.error));
  if (failures.length > 0) return err(failures);
  return ok(results.flatMap((result) => (result.ok ? result.value : [])));
}

async function readSharedFile(
  { reference, place }: { readonly reference: string; readonly place: Place },
  home: string,
): Promise<Result<SharedProfiles, readonly ManifestFailure[]>> {
  const manifest = place.document.file;
  const path = expandPath(reference, { directory: resolve(dirname(manifest)), home });
  if (!path.ok) return err([failureIn(place, path.error)]);
  if (path.value === resolve(manifest)) return refuse(place, 'a manifest cannot extend itself');
  const named = isAbsolute(reference) || reference.startsWith('~');
  const document = await readDocument(named ? path.value : join(dirname(manifest), reference));
  if (document.ok) return validateShared(document.value);
  const [failure] = document.error;
  if (failure === undefined || failure.location !== undefined) return document;
  return refuse(place, `cannot extend: ${failure.message}`);
}

function refuse(place: Place, message: string): Result<never, readonly ManifestFailure[]> {
  return err([failureIn(place, { code: 'MANIFEST_EXTENDS', message })]);
}
