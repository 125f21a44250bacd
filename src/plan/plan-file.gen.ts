// Generated from schemas/plan.schema.json by "npm run generate". Do not edit.

/**
 * A plan saved by `flac2all plan --out FILE` and carried out once by `flac2all apply FILE`.
 */
export interface PlanFile {
  /**
   * Tells the file apart from other JSON.
   */
  format: 'flac2all-plan';
  /**
   * Version of this format.
   */
  version: 1;
  /**
   * When the plan was made: ISO 8601, UTC.
   */
  createdAt: string;
  /**
   * Absolute path of the manifest.
   */
  manifest: string;
  /**
   * SHA-256 of what the manifest said. Another digest at apply makes the plan stale.
   */
  manifestDigest: string;
  /**
   * The ledger that the plan was made against; null: there was none yet.
   */
  lineage: string | null;
  /**
   * The ledger's serial number when the plan was made. It rises with every apply that changes something, so a plan can be applied once.
   */
  serial: number;
  options: PlanFileOptions;
  shards?: PlanFileShards;
  /**
   * What will be done, row by row, with what must still be true then.
   */
  changes: PlanFileChange[];
}
/**
 * The options of `plan` that decide what is in it; apply uses the same.
 */
export interface PlanFileOptions {
  /**
   * Patterns given by --target.
   */
  targets: string[];
  /**
   * Whether --retry-failed was given.
   */
  retryFailed: boolean;
  /**
   * Whether --overwrite-unmanaged was given.
   */
  overwriteUnmanaged: boolean;
  /**
   * The number given by --max-delete.
   */
  maxDelete?: number;
}
/**
 * Present when the outputs to make were divided (plan --shards): their tasks are in PLAN.shards beside the plan.
 */
export interface PlanFileShards {
  /**
   * Random; each share names it.
   */
  id: string;
  /**
   * How many shares there are.
   */
  count: number;
  /**
   * Outputs that all shares together are to make.
   */
  tasks: number;
}
/**
 * One row of the plan.
 */
export interface PlanFileChange {
  /**
   * What will be done.
   */
  action: string;
  /**
   * Absolute path of the output.
   */
  output: string;
  /**
   * Name of the output set.
   */
  set: string;
  /**
   * Absolute path of the source.
   */
  source: string | null;
  /**
   * size:mtimeNs:ctimeNs:inode of the source when the plan was made; null: it was not there.
   */
  sourceStat: string | null;
  /**
   * Why, in the words of the plan.
   */
  reasons: string[];
}
