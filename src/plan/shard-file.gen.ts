// Generated from schemas/shard.schema.json by "npm run generate". Do not edit.

/**
 * One share of the work of a plan: PLAN.shards/INDEX/tasks.json, written by `flac2all plan --out PLAN --shards N` for `flac2all run-shard PLAN INDEX`.
 */
export interface ShardFile {
  /**
   * Tells the file apart from other JSON.
   */
  format: 'flac2all-shard';
  /**
   * Version of this format.
   */
  version: 1;
  /**
   * Version of the flac2all that wrote it; only the same carries it out.
   */
  program: string;
  /**
   * Id of the plan that it is a share of.
   */
  plan: string;
  /**
   * Which share, from 1.
   */
  index: number;
  /**
   * Absolute path of the ledger's folder.
   */
  stateDirectory: string;
  /**
   * Absolute path of the manifest's folder: paths below it are stored relative to it.
   */
  base: string;
  /**
   * The ledger that the plan was made against; null: there was none yet.
   */
  lineage: string | null;
  /**
   * The ledger's serial number when the plan was made; with another one the share is stale.
   */
  serial: number;
  /**
   * The outputs to make.
   */
  tasks: ShardTask[];
}
/**
 * One output to make.
 */
export interface ShardTask {
  /**
   * What the plan calls it.
   */
  action: 'create' | 'update' | 'repair' | 'retag';
  /**
   * Name of the output set.
   */
  set: string;
  /**
   * size:mtimeNs:ctimeNs:inode of what stands at the output's path; null: nothing.
   */
  before: string | null;
  /**
   * Length of the source; 0 where nobody knows.
   */
  audioSeconds: number;
  /**
   * The task as workers get it, without its part file: see `task` in message.schema.json.
   */
  task: {
    [k: string]: unknown;
  };
}
