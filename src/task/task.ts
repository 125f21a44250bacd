import type { AbsolutePath, Brand, Sha256 } from '../lib/brand.js';
import type { StatKey } from '../lib/stat-key.js';
import type { Recipe } from '../manifest/manifest.js';
import type { AudioId, TagId } from '../sources/identity.js';

/** Names a task; the same in every run that wants the same made of the same source. */
export type TaskId = Brand<string, 'TaskId'>;

/** Make one output. Plain JSON: this is what goes over the wire. */
export interface Task {
  readonly id: TaskId;
  readonly source: { readonly path: AbsolutePath; readonly stat: StatKey };
  /** A file beside the source that becomes its front cover where it has none of its own. */
  readonly folderPicture?: { readonly path: AbsolutePath; readonly stat: StatKey };
  /** Where the output will stand in the end; the worker only creates its folder. */
  readonly output: AbsolutePath;
  /** The file to write, beside `output`; the master alone renames it. */
  readonly part: AbsolutePath;
  readonly recipe: Recipe;
  /** Copied as it is: the source is no FLAC. */
  readonly sidecar: boolean;
  /** The copy shares the source's storage, or fails. */
  readonly shared?: true;
  /** The file is not copied: this is written. Bytes, one character each. */
  readonly playlist?: { readonly content: string; readonly warnings: readonly string[] };
  /**
   * An output whose audio is still right (`retag`): it is copied and tagged anew. When it is not what
   * is stated here, or the source holds other audio by now, the task encodes instead.
   */
  readonly reuse?: Reuse;
  /** Expected work, for longest-first: seconds of audio, or a stand-in from the size. */
  readonly cost: number;
}

/** An output to be tagged anew. */
export interface Reuse {
  readonly path: AbsolutePath;
  readonly sha256: Sha256;
  readonly audioId: AudioId;
  /** What encoded it. */
  readonly encoder: string;
}

/** What a worker gives to a task besides its slot. */
export interface ExecuteContext {
  readonly signal: AbortSignal;
  /** An encoder that adds nothing to the part file for so long hangs; 5 minutes. */
  readonly stallMs?: number | undefined;
  /** Called once, before anything of the task is done that could take its worker down. */
  readonly onStart: () => void;
  /** Called when programs of the task were started, or will not be for now; maybe again. */
  readonly onRunning?: (() => void) | undefined;
  /**
   * Called once at most, when the programs are done and what is left is work of this process and waiting
   * for the disk (tags, checks, sync): from here on another task may have the CPU. What is left waits
   * for the promise, which gives that one a moment to start its programs. It never rejects.
   */
  readonly onEncoded: () => Promise<void>;
}

/** What became of an attempt. */
export type Outcome = Made | Failed;

/** The part file is complete, verified and on stable storage. */
export interface Made {
  readonly status: 'made';
  readonly part: { readonly stat: StatKey; readonly sha256: Sha256 };
  /** Sample frames of the source that are in the output; 0 for sidecars. */
  readonly samples: number;
  readonly sampleRate: number;
  readonly source: {
    readonly stat: StatKey;
    readonly sha256: Sha256;
    readonly audioId: AudioId;
    readonly tagId: TagId;
    readonly racy: boolean;
  };
  readonly encoder: string;
  /** Things a person should know although the output is whole (ID3v1 after the audio, ...). */
  readonly warnings: readonly string[];
  readonly ms: number;
}

/**
 * - `input`: the source is at fault; the same bytes fail again.
 * - `environment`: this machine is at fault (no space, missing tool, no permission).
 * - `changed`: the source is not the one the task was made for.
 * - `crash`: the encoder was killed by a signal.
 * - `cancelled`: the agent was told to stop.
 */
export type FailureClass = 'input' | 'environment' | 'changed' | 'crash' | 'cancelled';

/** No output; the part file is gone. */
export interface Failed {
  readonly status: 'failed';
  readonly class: FailureClass;
  readonly code: TaskFailureCode;
  /** A sentence for people that names what is wrong with what. */
  readonly text: string;
  readonly stderrTail: string;
  readonly ms: number;
}

/** What exactly went wrong with an attempt. */
export type TaskFailureCode =
  | 'NOT_FLAC'
  | 'DECODE_FAILED'
  | 'NO_AUDIO'
  | 'LENGTH_MISMATCH'
  | 'UNSUPPORTED_INPUT'
  | 'ENCODE_FAILED'
  | 'ENCODER_KILLED'
  | 'ENCODER_MISSING'
  | 'TAG_FAILED'
  | 'SOURCE_UNREADABLE'
  | 'SOURCE_CHANGED'
  | 'OUTPUT_CHANGED'
  | 'WRITE_FAILED'
  | 'NO_SPACE'
  | 'NOT_ALLOWED'
  | 'NO_WORKER'
  | 'WORKERS_LOST'
  | 'CANCELLED';
