// Generated from schemas/ledger.schema.json by "npm run generate". Do not edit.

/**
 * The ledger's root file; `definitions` hold the rows of shards, the records of journals and the export.
 */
export type LedgerFile = Root | Export;
/**
 * SHA-256, lower-case hexadecimal.
 */
export type Sha256 = string;
/**
 * size:mtimeNs:ctimeNs:ino of the file.
 */
export type Stat = string;

/**
 * `ledger.json`: which shards and journals make up the ledger. Replacing it is the commit point.
 */
export interface Root {
  /**
   * Says what it is.
   */
  format: 'flac2all-ledger';
  /**
   * Version of the format.
   */
  version: 1;
  /**
   * File name of the manifest that the ledger belongs to.
   */
  owner?: string;
  /**
   * Random, made once: two ledgers never have the same.
   */
  lineage: string;
  /**
   * Rises with every change of a row: equal serials, equal rows.
   */
  serial: number;
  /**
   * Rises with every opening for writing.
   */
  epoch: number;
  /**
   * Recipes by digest.
   */
  recipes: {
    [k: string]: Recipe;
  };
  /**
   * Encoders by digest.
   */
  encoders: {
    [k: string]: string;
  };
  /**
   * Oldest first; later rows override earlier ones. Those with one serial in their names were written together.
   *
   * Items: An immutable file in `shards/`.
   */
  shards: {
    /**
     * `<serial>-<n>.jsonl`.
     */
    file: string;
    sha256: Sha256;
    /**
     * How many rows it has.
     */
    rows: number;
  }[];
  /**
   * Epochs of the files in `journal/` to apply on top, in this order.
   *
   * Items: Epoch.
   */
  journals: number[];
  /**
   * SHA-256 of the canonical JSON of all other members.
   */
  sha256: string;
}
/**
 * Everything in a profile that decides an output's audio or tags.
 */
export interface Recipe {
  /**
   * What decides the audio.
   */
  audio: {
    /**
     * Name of the codec.
     */
    codec: string;
    /**
     * All options, defaults filled in.
     */
    options: {
      [k: string]: unknown;
    };
    /**
     * Raw arguments of the encoder.
     */
    args: string[];
    /**
     * What is brought down when it is above.
     */
    limits: {
      [k: string]: unknown;
    };
    [k: string]: unknown;
  };
  /**
   * What decides the tags.
   */
  tags: {
    /**
     * Version of ID3v2 in mp3.
     */
    id3: '2.3' | '2.4';
    [k: string]: unknown;
  };
  [k: string]: unknown;
}
/**
 * What `flac2all ledger export` prints.
 */
export interface Export {
  /**
   * Says what it is.
   */
  format: 'flac2all-ledger-export';
  /**
   * Version of the format.
   */
  version: 1;
  /**
   * The ledger's lineage.
   */
  lineage: string | null;
  /**
   * The ledger's serial.
   */
  serial: number;
  /**
   * Sorted by path.
   *
   * Items: An output.
   */
  entries: {
    /**
     * Absolute path.
     */
    path: string;
    /**
     * Output set.
     */
    set: string;
    /**
     * What it was made from.
     */
    source: {
      /**
       * Absolute path.
       */
      path: string;
      stat: Stat;
      /**
       * Audio identity.
       */
      audioId: string;
      /**
       * Tag identity.
       */
      tagId: string;
      sha256: Sha256;
      /**
       * Read when very young.
       */
      racy?: true;
    };
    recipe: Recipe;
    /**
     * What made it.
     */
    encoder: string;
    /**
     * What it looked like.
     */
    output: {
      stat: Stat;
      sha256: Sha256;
      /**
       * Sample frames.
       */
      samples: number;
    };
    /**
     * When and by whom.
     */
    made: {
      /**
       * When, ISO 8601 in UTC.
       */
      at: string;
      /**
       * Run.
       */
      run: string;
      /**
       * Worker.
       */
      worker: string;
      /**
       * Milliseconds.
       */
      ms: number;
    };
    /**
     * To be verified before it is trusted.
     */
    unverified?: true;
  }[];
  /**
   * Sorted by path.
   *
   * Items: A remembered failure.
   */
  failures: {
    /**
     * Absolute path.
     */
    path: string;
    /**
     * Output set.
     */
    set: string;
    /**
     * The source.
     */
    source: {
      /**
       * Absolute path.
       */
      path: string;
      stat: Stat;
      [k: string]: unknown;
    };
    recipe: Recipe;
    /**
     * Code.
     */
    code: string;
    /**
     * What went wrong.
     */
    text: string;
    /**
     * How often in a row.
     */
    count: number;
    /**
     * When, ISO 8601 in UTC.
     */
    at: string;
    /**
     * The end of what the encoder said.
     */
    stderrTail?: string;
  }[];
  /**
   * Folders that flac2all made, sorted.
   *
   * Items: Absolute path.
   */
  directories: string[];
}
