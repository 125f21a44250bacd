/** An engine that starts workers, and how many; every default filled in. */
export type ProviderSettings =
  LocalSettings | SshSettings | SlurmSettings | KubernetesSettings | SystemdSettings;

/** What an engine is called in manifests and on command lines. */
export type ProviderType = ProviderSettings['type'];

/** What all engines have in common: a pilot is a worker process that an engine started. */
export interface PilotSettings {
  /** Unique within the manifest. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Tasks of one pilot at a time; `auto`: one per CPU of its machine. */
  readonly slots: number | 'auto';
  /** A pilot takes nothing more after so long. */
  readonly lifetimeMs?: number | undefined;
  /** A pilot ends after so long without its master. */
  readonly orphanMs: number;
  /** What starts flac2all where the pilot runs; `undefined`: the engine's own default. */
  readonly command?: readonly string[] | undefined;
}

export interface LocalSettings extends PilotSettings {
  readonly type: 'local';
}

export interface SshSettings extends PilotSettings {
  readonly type: 'ssh';
  readonly hosts: readonly string[];
  /** Absolute. */
  readonly identity?: string | undefined;
  readonly options: readonly string[];
}

export interface SlurmSettings extends PilotSettings {
  readonly type: 'slurm';
  readonly slots: number;
  readonly partition?: string | undefined;
  readonly account?: string | undefined;
  readonly memory?: string | undefined;
  readonly options: readonly string[];
}

export interface KubernetesSettings extends PilotSettings {
  readonly type: 'kubernetes';
  readonly slots: number;
  readonly image: string;
  readonly volumes: readonly { readonly claim: string; readonly path: string }[];
  readonly namespace?: string | undefined;
  readonly context?: string | undefined;
  readonly memory?: string | undefined;
  readonly user: number;
  readonly group: number;
  readonly graceMs: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
}

export interface SystemdSettings extends PilotSettings {
  readonly type: 'systemd';
  readonly scope: 'user' | 'system';
  readonly user?: string | undefined;
  readonly graceMs: number;
}
