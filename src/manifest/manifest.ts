import type { AbsolutePath } from '../lib/brand.js';
import type { JsonObject } from '../lib/json.js';
import type { ProviderSettings } from './provider-settings.js';

/**
 * A manifest after `resolve`: every default filled in, every path absolute, every profile inline.
 * The planner sees nothing else.
 */
export interface Manifest {
  /** The manifest file itself. */
  readonly file: AbsolutePath;
  /** SHA-256 of the canonical JSON of everything that decides the plan. */
  readonly digest: string;
  /** `.flac2all` beside the manifest. */
  readonly stateDirectory: AbsolutePath;
  readonly sources: readonly SourceSet[];
  readonly outputs: readonly OutputSet[];
  readonly policy: Policy;
  readonly cluster: ClusterSettings;
}

/** A folder of sources and which of its files count. */
export interface SourceSet {
  readonly name: string;
  readonly root: AbsolutePath;
  /** fast-glob patterns relative to `root`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** A file relative to `root` that must exist, else the whole plan stops. */
  readonly sentinel?: string;
}

/** What output names may hold: anything, what FAT32 takes, or ASCII. */
export type Names = 'keep' | 'fat32' | 'ascii';

/** One line of `outputs`: which sources go where in which form. */
export interface OutputSet {
  /** Unique within the manifest: `<profile>` or, where that is not unique, `<profile>-<n>`. */
  readonly name: string;
  readonly profile: Profile;
  /** Name of the `SourceSet`. */
  readonly from: string;
  readonly root: AbsolutePath;
  /** `mirror`, `flat`, or a template over tags. */
  readonly layout: string;
  readonly names: Names;
  /** Patterns, relative to the source root, of files that are copied as they are. */
  readonly copy: readonly string[];
  readonly passthrough: Passthrough;
  /** Patterns, relative to the source root, of playlists that are rewritten to the outputs' names. */
  readonly playlists: readonly string[];
  readonly prune: boolean;
}

/** Audio files that are taken over as they are. */
export type Passthrough = {
  /** `link`: the file shares its source's storage until either is written to. */
  readonly how: 'copy' | 'link';
  /** Patterns, relative to the source root; none: such files are left alone. */
  readonly files: readonly string[];
};

/** A named codec with its options. */
export interface Profile {
  readonly name: string;
  readonly codec: string;
  /** Without the dot; `undefined` for `copy`, which keeps the source's. */
  readonly extension: string | undefined;
  readonly recipe: Recipe;
  /** What option `encoder: auto` took on this machine. */
  readonly chosenEncoder?: string;
}

/**
 * Everything in a profile that decides an output's audio or tags. It goes over the wire and into the
 * ledger: a type, not an interface, so that the compiler knows it for plain JSON.
 */
export type Recipe = {
  readonly audio: AudioRecipe;
  readonly tags: TagRecipe;
};

/** What decides the audio. */
export type AudioRecipe = {
  readonly codec: string;
  /** The kind of file, where it is not the codec's usual one. */
  readonly extension?: string;
  /** All options, defaults filled in. */
  readonly options: JsonObject;
  readonly args: readonly string[];
  readonly limits: Limits;
};

/** Only what is above a limit is brought down. Sample rate in Hz. */
export type Limits = {
  readonly sampleRate?: number;
  readonly bits?: number;
  readonly channels?: number;
};

/** What decides how tags are written. A key that has its default is left out, all but `id3`. */
export type TagRecipe = {
  /** The version of ID3v2 written to mp3. */
  readonly id3: '2.3' | '2.4';
  /** Patterns of field names, upper case and sorted. */
  readonly keep?: readonly string[];
  readonly drop?: readonly string[];
  /** Field names in upper case to templates of their values. */
  readonly set?: Readonly<Record<string, readonly string[]>>;
  readonly replaygain?: 'drop';
  readonly pictures?: PictureRecipe;
};

/** What becomes of pictures, as far as it is not the default. */
export type PictureRecipe = {
  /** In pixels, of the longer side. */
  readonly maxSize?: number;
  readonly format?: 'jpeg';
  readonly embed?: false;
  /** Names of files beside the source that may be its front cover, the best first. */
  readonly fromFolder?: readonly string[];
};

/** What `plan` and `apply` do where there is a choice. */
export interface Policy {
  readonly onDrift: 'report' | 'repair' | 'accept';
  readonly rebuildOnEncoderChange: boolean;
  /**
   * A number of files, or a share of the ledger's rows (0 to 1) that stops only what deletes
   * `atLeast` files: 10 by default, 0 where the manifest names the share itself.
   */
  readonly maxDelete:
    { readonly share: number; readonly atLeast: number } | { readonly files: number };
  /**
   * For how long pruned outputs are kept in the trash, in milliseconds; absent: they are deleted at
   * once.
   */
  readonly trashMs?: number;
  /** A source younger than this is waited for, in milliseconds. */
  readonly minAgeMs: number;
  /** After so many failures with the same inputs an output is skipped until they change. */
  readonly maxFailures: number;
}

/** Who does the work. */
export interface ClusterSettings {
  /** Endpoint for agents that are started by hand; `undefined`: only those that apply starts. */
  readonly bind: string | undefined;
  /** Slots of the local agent; `auto`: one per CPU; 0: none. */
  readonly workers: 'auto' | number;
  /** Asks workers of other machines for no key. */
  readonly insecure: boolean;
  /** Host name or address under which other machines reach this one; `undefined`: by `bind`, or its name. */
  readonly advertise: string | undefined;
  /** Engines that start workers for a run. */
  readonly providers: readonly ProviderSettings[];
  /** What becomes of workers whose encoders have other versions. */
  readonly uniformTools: 'require' | 'warn' | 'allow';
  /** Port of this machine that answers /metrics while apply works; 0: a free one; absent: none. */
  readonly metrics?: number;
}
