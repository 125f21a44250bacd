import type { AbsolutePath } from '../lib/brand.js';
import type { StatKey } from '../lib/stat-key.js';
import type { SourceProblemCode } from './failure.js';
import type { SourceIdentity } from './identity.js';
import type { KnownSource } from './known-source.js';

/** A file that a scan found. */
export interface ScannedFile {
  /** Relative to the source root, `/` between the parts, as the file system spells it. */
  readonly rel: string;
  readonly path: AbsolutePath;
  /** Of the file that the path leads to (symbolic links followed). */
  readonly stat: StatKey;
}

/** Something that a scan met and could not take; never silently skipped. */
export interface ScanProblem {
  /** For people: bytes that are not UTF-8 are shown as `\xNN`. */
  readonly path: string;
  readonly code:
    'SOURCE_UNREADABLE' | 'SOURCE_NAME_NOT_UTF8' | 'SOURCE_LINK_LOOP' | 'SOURCE_LINK_BROKEN';
  /** A whole sentence part with the reason: `EACCES: permission denied`. */
  readonly text: string;
  /** A directory: what lies below it is unknown, so nothing below it may be taken for removed. */
  readonly directory: boolean;
}

/** What a scan found. */
export interface Scan {
  /** FLAC sources, sorted by `rel`. */
  readonly files: readonly ScannedFile[];
  /** Files that match a `copy` pattern and are no sources, sorted by `rel`. */
  readonly sidecars: readonly ScannedFile[];
  readonly problems: readonly ScanProblem[];
}

/**
 * A source as the planner sees it. Its parts may be read when they are asked for: it is not to be spread, but
 * made anew by `factOf`.
 */
export interface SourceFact extends ScannedFile {
  /** `undefined` with a `problem`, or for a sidecar whose bytes nobody had to look at. */
  readonly identity: SourceIdentity | undefined;
  /** Where the identity is from, when it was not read: path and stat are those of the file (T0). */
  readonly recorded?: KnownSource | undefined;
  /** As its header says, where that was read; `audioShapeOf` its identity tells it too. */
  readonly audio: AudioShape | undefined;
  /** Tags for layout templates: upper-case field name to first value. Only where a template asks. */
  readonly fields: ReadonlyMap<string, string> | undefined;
  readonly problem: SourceProblem | undefined;
}

/** How much audio a source holds, and of which kind. Sample rate in Hz. */
export interface AudioShape {
  /** Sample frames; 0 when STREAMINFO does not say. */
  readonly samples: number;
  readonly sampleRate: number;
  readonly channels: number;
  readonly bits: number;
}

/** Why a source cannot be converted; `text` is a sentence part. */
export interface SourceProblem {
  readonly code: SourceProblemCode;
  readonly text: string;
}
