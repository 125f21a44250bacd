import type { AbsolutePath, Sha256 } from '../lib/brand.js';
import { Breather } from '../lib/breather.js';
import { sha256OfFile } from '../lib/checksum.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { StatKey } from '../lib/stat-key.js';
import { audioIdOfFile } from './flac-identity.js';
import { sourceTagId } from './folder-picture.js';
import { readFlacHeader } from './flac-header.js';
import type { FlacHeader } from './flac-header.js';
import { NO_TAGS } from './identity.js';
import type { SourceIdentity } from './identity.js';
import { audioIdByBytes, needsBytes, trustedRecord } from './known-source.js';
import type { KnownSource } from './known-source.js';
import { problemOfRead } from './problem.js';
import type { AudioShape, ScannedFile, SourceFact, SourceProblem } from './source.js';

/** What the ledger recorded of a path, when outputs were made from it. */
export type KnownSources = (path: AbsolutePath) => readonly KnownSource[];

/** How much has to be known of the files. */
export interface IdentifyOptions {
  /** The files are copied as they are: no headers; bytes only where a recorded stat differs. */
  readonly sidecar?: boolean;
  /** A layout needs tags: `fields` is filled, for which every header is read. */
  readonly wantFields?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Finds out which audio and tags files hold, with the least reading: the stat where the ledger
 * knows it (T0), else the header (T1), else all bytes (T2). Facts come in the order of `files`.
 * Rejects with the signal's reason when it is aborted.
 */
export async function identifySources(
  files: readonly ScannedFile[],
  known: KnownSources,
  options: IdentifyOptions = {},
): Promise<readonly SourceFact[]> {
  const breather = new Breather(options.signal);
  const wantFields = options.wantFields === true && options.sidecar !== true;
  const facts: SourceFact[] = [];
  for (const file of files) {
    const rows = known(file.path);
    const trusted = trustedRecord(file.stat, rows);
    facts.push(
      trusted !== undefined && !wantFields
        ? new RecordedFact(file, trusted)
        : await look(file, { rows, trusted, options }),
    );
    if (breather.isDue) {
      options.onProgress?.(facts.length, files.length);
      await breather.breathe();
    }
  }
  options.onProgress?.(facts.length, files.length);
  return facts;
}

/** Of the source alone, without the picture beside it. */
function sourceIdentity({ audioId, tagId }: KnownSource): SourceIdentity {
  return { audioId, tagId: sourceTagId(tagId) };
}

interface LookContext {
  readonly rows: readonly KnownSource[];
  readonly trusted: KnownSource | undefined;
  readonly options: IdentifyOptions;
}

async function look(file: ScannedFile, context: LookContext): Promise<SourceFact> {
  const { rows, trusted, options } = context;
  if (options.sidecar === true) {
    return rows.length === 0 ? factOf(file, {}) : identifyByBytes(file, options.signal);
  }
  const read = readFlacHeader(file.path, { wantFields: options.wantFields === true });
  if (!read.ok) return factOf(file, { problem: read.error });
  const header = read.value;
  if (trusted !== undefined) {
    return factOf(file, { header, identity: sourceIdentity(trusted), recorded: trusted });
  }
  const { audioId, tagId } = header.identity;
  if (audioId !== undefined && !needsBytes(header.identity, rows)) {
    return factOf(file, { header, identity: { audioId, tagId } });
  }
  const sha256 = await digestSource(file, options.signal);
  if (!sha256.ok) return factOf(file, { problem: sha256.error });
  const certain = audioIdByBytes(header.identity, rows, sha256.value);
  return factOf(file, { header, identity: { audioId: certain, tagId } });
}

/** A file that is copied as it is, by its bytes. */
export async function identifyByBytes(
  file: ScannedFile,
  signal?: AbortSignal,
): Promise<SourceFact> {
  const sha256 = await digestSource(file, signal);
  if (!sha256.ok) return factOf(file, { problem: sha256.error });
  return factOf(file, { identity: { audioId: audioIdOfFile(sha256.value), tagId: NO_TAGS } });
}

async function digestSource(
  { path }: ScannedFile,
  signal: AbortSignal | undefined,
): Promise<Result<Sha256, SourceProblem>> {
  try {
    return ok(await sha256OfFile(path, signal));
  } catch (error) {
    signal?.throwIfAborted();
    return err(problemOfRead(error));
  }
}

/**
 * A source that nobody wrote to since it was recorded. Nearly all of a million facts are such, so each
 * holds no more than what is not in its record.
 */
class RecordedFact implements SourceFact {
  readonly rel: string;
  readonly path: AbsolutePath;
  readonly recorded: KnownSource;

  constructor({ rel, path }: ScannedFile, recorded: KnownSource) {
    this.rel = rel;
    this.path = path;
    this.recorded = recorded;
  }

  get stat(): StatKey {
    return this.recorded.stat;
  }

  get identity(): SourceIdentity {
    return sourceIdentity(this.recorded);
  }

  get audio(): undefined {
    return undefined;
  }

  get fields(): undefined {
    return undefined;
  }

  get problem(): undefined {
    return undefined;
  }
}

interface Finding {
  readonly identity?: SourceIdentity;
  readonly recorded?: KnownSource;
  readonly header?: FlacHeader;
  readonly problem?: SourceProblem;
}

/** What was found of a file. One shape, whatever it is: a million of them may be held at once. */
export function factOf(
  file: ScannedFile,
  { identity, recorded, header, problem }: Finding,
): SourceFact {
  return {
    rel: file.rel,
    path: file.path,
    stat: file.stat,
    identity,
    recorded,
    audio: header && shapeOf(header),
    fields: header?.fields,
    problem,
  };
}

function shapeOf({ streamInfo }: FlacHeader): AudioShape {
  const { samples, sampleRate, channels, bits } = streamInfo;
  return { samples, sampleRate, channels, bits };
}
