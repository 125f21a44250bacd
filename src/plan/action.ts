import type { AbsolutePath } from '../lib/brand.js';
import type { Entry } from '../ledger/entry.js';
import type { OutputSet } from '../manifest/manifest.js';
import type { ScannedFile, SourceFact } from '../sources/source.js';

/** What will happen to one output path. */
export type Action =
  | 'create'
  | 'update'
  | 'repair'
  | 'retag'
  | 'move'
  | 'adopt'
  | 'touch'
  | 'drift'
  | 'conflict'
  | 'error'
  | 'skip'
  | 'noop'
  | 'delete'
  | 'orphan'
  | 'forget';

/** Why. `text` is for people, `old` and `new` the values that differ. */
export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
  readonly old?: string;
  readonly new?: string;
}

export type ReasonCode =
  | 'source-unreadable'
  | 'path-conflict'
  | 'source-renamed'
  | 'no-output'
  | 'finished-by-interrupted-run'
  | 'ledger-row-unverified'
  | 'not-managed'
  | 'output-missing'
  | 'output-touched'
  | 'output-changed'
  | 'audio-changed'
  | 'option-changed'
  | 'encoder-changed'
  | 'to-be-replaced'
  | 'forced'
  | 'tags-changed'
  | 'layout-changed'
  | 'source-touched'
  | 'set-renamed'
  | 'failed-before'
  | 'up-to-date'
  | 'source-removed'
  | 'excluded'
  | 'profile-removed'
  | 'modified-outside'
  | 'already-gone'
  | 'left-by-move'
  | 'prune-off';

/** A row of the plan. */
export interface Change {
  readonly action: Action;
  readonly output: AbsolutePath;
  /** Name of the output set. */
  readonly set: string;
  readonly source: AbsolutePath | undefined;
  readonly reasons: readonly Reason[];
  /** What the manifest wants here; absent when nothing is wanted. */
  readonly desired?: Desired;
  /** The ledger's row that the decision rests on (for `move`: the row of the old path). */
  readonly entry?: Entry;
}

/** What a playlist of the outputs holds. */
export interface PlaylistText {
  /** The file's bytes, one character (U+0000 to U+00FF) each. */
  readonly content: string;
  /** Entries that lead nowhere, as sentences. */
  readonly warnings: readonly string[];
}

/** An output that the manifest wants. */
export interface Desired {
  readonly output: AbsolutePath;
  readonly set: OutputSet;
  readonly source: SourceFact;
  /** Copied as it is. */
  readonly sidecar: boolean;
  /** The file beside the source that is its front cover, where it has none of its own. */
  readonly folderPicture?: ScannedFile;
  /** The copy has to share its source's storage. */
  readonly shared?: true;
  /** A sidecar that is not copied but rewritten. */
  readonly playlist?: PlaylistText | 'unread';
}
