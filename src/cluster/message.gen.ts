// Generated from schemas/message.schema.json by "npm run generate". Do not edit.

/**
 * What master and agents say to each other, protocol F2A/1. A message is two frames, `[type, header]`; here the type is the key and the header, a JSON object, is the value. Unknown members of a header are ignored.
 */
export interface Messages {
  HELLO?: Hello;
  PROBE?: Probe;
  PROBED?: Probed;
  WELCOME?: Welcome;
  REJECT?: Reject;
  TASKS?: Tasks;
  START?: Starts;
  HB?: Heartbeat;
  HBACK?: HeartbeatAnswer;
  RESULT?: Results;
  ACK?: Ack;
  STALE?: Stale;
  CANCEL?: Cancel;
  DRAIN?: Drain;
  BYE?: Bye;
  SHUTDOWN?: Shutdown;
  WHO?: Who;
  ERR?: ProtocolError;
}
/**
 * Agent to master: who I am and what I hold. Also the answer to WHO.
 */
export interface Hello {
  protocol: ProtocolRange;
  /**
   * Version of the program; master and agents must be equal, so that they build equal files.
   */
  version: string;
  /**
   * Random 128 bits, made once in the life of an agent.
   */
  session: string;
  /**
   * Name of the host, for people.
   */
  name: string;
  /**
   * What the engine that started the agent calls it, if one did.
   */
  pilot?: string;
  /**
   * Process id on that host.
   */
  pid: number;
  /**
   * How many tasks run at the same time.
   */
  slots: number;
  /**
   * Program name to what it says of itself; `ffmpeg:NAME` is an encoder inside ffmpeg.
   */
  capabilities: {
    [k: string]: string;
  };
  /**
   * What the agent has: waiting, running, or reported and not answered yet. It keeps what is still wanted, also when another master of the same ledger lent it.
   */
  held: Held[];
  proof?: KeyProof;
  /**
   * The agent runs encoders with raw arguments of the user.
   */
  rawArgs?: boolean;
  /**
   * Why the agent takes nothing for now, in words; absent: it takes tasks.
   */
  resting?: string;
  [k: string]: unknown;
}
/**
 * The versions of this protocol that the agent speaks.
 */
export interface ProtocolRange {
  /**
   * Oldest.
   */
  min: number;
  /**
   * Newest.
   */
  max: number;
  [k: string]: unknown;
}
/**
 * An attempt that an agent has.
 */
export interface Held {
  /**
   * Id of the task.
   */
  task: string;
  /**
   * `epoch.seq`, strictly rising.
   */
  attempt: string;
  /**
   * MAC over task, attempt and session; only masters of the ledger can make it.
   */
  token: string;
  /**
   * Which of the agent's slots, from 1; 0: it was not started yet.
   */
  slot: number;
  [k: string]: unknown;
}
/**
 * Ties the session to the key that opened the door; absent where there is no door.
 */
export interface KeyProof {
  /**
   * The agent's public key, in Z85.
   */
  key: string;
  /**
   * HMAC-SHA-256 of the session under the secret that X25519 makes of the two keys.
   */
  mac: string;
  [k: string]: unknown;
}
/**
 * Master to agent, before WELCOME: do you see the same files?
 */
export interface Probe {
  /**
   * Goes back with the answer.
   */
  id: string;
  /**
   * The folders that the run is about.
   *
   * @maxItems 1000
   */
  roots: RootQuestion[];
  [k: string]: unknown;
}
/**
 * One folder, and a file in it by which it is known.
 */
export interface RootQuestion {
  /**
   * What the manifest calls it.
   */
  name: string;
  /**
   * Where the master has it.
   */
  path: string;
  /**
   * Sources are read, outputs written.
   */
  use: 'source' | 'output';
  witness?: RootWitness;
  /**
   * Whether names that differ in letter case alone are two files for the master.
   */
  caseSensitive?: boolean;
  [k: string]: unknown;
}
/**
 * A file in it. Of a source: its stat; of an output folder: what the master has just written.
 */
export interface RootWitness {
  /**
   * Absolute path at the master.
   */
  path: string;
  /**
   * `size:mtimeNs:ctimeNs:ino`.
   */
  stat?: string;
  /**
   * All that the file holds.
   */
  nonce?: string;
  /**
   * Name of a file that the agent may write beside it, and removes.
   */
  scratch?: string;
  [k: string]: unknown;
}
/**
 * Agent to master: what became of the questions of PROBE.
 */
export interface Probed {
  /**
   * Of the PROBE.
   */
  id: string;
  /**
   * The agent's wall clock, in milliseconds since the epoch.
   */
  clockMs: number;
  /**
   * One answer a folder.
   *
   * @maxItems 1000
   */
  roots: RootAnswer[];
  [k: string]: unknown;
}
/**
 * How an agent sees one folder.
 */
export interface RootAnswer {
  /**
   * As in the question.
   */
  path: string;
  /**
   * As in the question.
   */
  use: 'source' | 'output';
  /**
   * Why the agent cannot use it, and the way out; absent: it can.
   */
  problem?: string;
  /**
   * Room for what is to be written.
   */
  freeBytes?: number;
  /**
   * Whether names that differ in letter case alone are two files.
   */
  caseSensitive?: boolean;
  [k: string]: unknown;
}
/**
 * Master to agent: you may work.
 */
export interface Welcome {
  /**
   * The version that both speak from now on.
   */
  protocol: number;
  /**
   * Version of the master's program.
   */
  version: string;
  /**
   * Epoch of the ledger; the first half of each attempt.
   */
  epoch: number;
  /**
   * How often the agent says HB.
   */
  heartbeatMs: number;
  /**
   * So long after the master's last word the agent cleans up and leaves.
   */
  orphanMs?: number;
  /**
   * An encoder that adds nothing to its output for so long hangs, and is stopped.
   */
  stallMs?: number;
  /**
   * What a person at the agent should know, a sentence each.
   *
   * @maxItems 100
   */
  notes?: string[];
  [k: string]: unknown;
}
/**
 * Master to agent: go away.
 */
export interface Reject {
  /**
   * Stable name of the reason.
   */
  code: string;
  /**
   * The reason for people.
   */
  text: string;
  [k: string]: unknown;
}
/**
 * Master to agent: do these.
 */
export interface Tasks {
  /**
   * In the order in which they are to be started.
   */
  tasks: Grant[];
  [k: string]: unknown;
}
/**
 * One task, lent to one agent.
 */
export interface Grant {
  /**
   * `epoch.seq`, strictly rising.
   */
  attempt: string;
  /**
   * MAC over task, attempt and session; only the master can make it.
   */
  token: string;
  task: WireTask;
  [k: string]: unknown;
}
/**
 * Make one output.
 */
export interface WireTask {
  /**
   * Names the task; the same in every run that wants the same made of the same source.
   */
  id: string;
  source: WireSource;
  folderPicture?: WireFolderPicture;
  /**
   * Where the output will stand in the end.
   */
  output: string;
  /**
   * The file to write, beside the output.
   */
  part: string;
  recipe: WireRecipe;
  /**
   * Copied as it is: the source is no FLAC.
   */
  sidecar: boolean;
  /**
   * The copy shares the source's storage, or fails.
   */
  shared?: true;
  playlist?: WirePlaylist;
  /**
   * Expected work: seconds of audio, or a stand-in from the size.
   */
  cost: number;
  reuse?: WireReuse;
  [k: string]: unknown;
}
/**
 * What to read.
 */
export interface WireSource {
  /**
   * Absolute path.
   */
  path: string;
  /**
   * What the plan saw: `size:mtimeNs:ctimeNs:ino`.
   */
  stat: string;
  [k: string]: unknown;
}
/**
 * A file beside the source that becomes its front cover where it has none of its own.
 */
export interface WireFolderPicture {
  /**
   * Absolute path.
   */
  path: string;
  /**
   * What the plan saw: `size:mtimeNs:ctimeNs:ino`.
   */
  stat: string;
  [k: string]: unknown;
}
/**
 * Everything that decides the output's audio or tags.
 */
export interface WireRecipe {
  audio: WireAudioRecipe;
  tags: WireTagRecipe;
  [k: string]: unknown;
}
/**
 * How the audio is made.
 */
export interface WireAudioRecipe {
  /**
   * Name of the codec.
   */
  codec: string;
  /**
   * The kind of file, where it is not the codec's usual one.
   */
  extension?: string;
  /**
   * Validated options of the codec.
   */
  options: {
    [k: string]: unknown;
  };
  /**
   * Raw arguments of the user.
   *
   * @maxItems 1000
   */
  args: string[];
  limits: WireLimits;
  [k: string]: unknown;
}
/**
 * What is above a limit is brought down.
 */
export interface WireLimits {
  /**
   * In Hz.
   */
  sampleRate?: number;
  /**
   * Bits a sample.
   */
  bits?: number;
  /**
   * Number of channels.
   */
  channels?: number;
  [k: string]: unknown;
}
/**
 * How tags are written.
 */
export interface WireTagRecipe {
  /**
   * Version of ID3v2.
   */
  id3: '2.3' | '2.4';
  /**
   * Patterns of field names.
   *
   * @maxItems 1000
   */
  keep?: string[];
  /**
   * Patterns of field names.
   *
   * @maxItems 1000
   */
  drop?: string[];
  /**
   * Field names to templates of their values.
   */
  set?: {
    /**
     * @maxItems 1000
     */
    [k: string]: string[];
  };
  /**
   * Left out.
   */
  replaygain?: 'drop';
  pictures?: WirePictureRecipe;
  [k: string]: unknown;
}
/**
 * What becomes of pictures.
 */
export interface WirePictureRecipe {
  /**
   * In pixels.
   */
  maxSize?: number;
  /**
   * All become JPEG.
   */
  format?: 'jpeg';
  /**
   * None is written.
   */
  embed?: false;
  /**
   * Names of files beside the source.
   *
   * @maxItems 1000
   */
  fromFolder?: string[];
  [k: string]: unknown;
}
/**
 * The file is not copied: this is written.
 */
export interface WirePlaylist {
  /**
   * The file's bytes, one character each.
   */
  content: string;
  /**
   * What a person should know of it.
   *
   * @maxItems 100
   */
  warnings: string[];
  [k: string]: unknown;
}
/**
 * An output whose audio is still right: copied and tagged anew.
 */
export interface WireReuse {
  /**
   * Absolute path of the output.
   */
  path: string;
  /**
   * What it must be, byte for byte.
   */
  sha256: string;
  /**
   * The audio of the source that it was made from.
   */
  audioId: string;
  /**
   * What encoded it.
   */
  encoder: string;
  [k: string]: unknown;
}
/**
 * Agent to master: the encoders of these are really running, or have ended.
 */
export interface Starts {
  /**
   * Attempts that were started.
   */
  started: StartedAttempt[];
  /**
   * Attempts that have given their slot on: what is left to do needs little CPU.
   */
  encoded?: string[];
  [k: string]: unknown;
}
/**
 * One attempt that was started.
 */
export interface StartedAttempt {
  /**
   * Which one.
   */
  attempt: string;
  /**
   * Which of the agent's slots, from 1; 0: it was never started.
   */
  slot: number;
  [k: string]: unknown;
}
/**
 * Agent to master: I live, and this is what I have.
 */
export interface Heartbeat {
  /**
   * Attempts waiting, running, or reported and not answered yet.
   *
   * Items: `epoch.seq`, strictly rising.
   */
  held: string[];
  /**
   * Why the agent takes nothing for now, in words; absent: it takes tasks.
   */
  resting?: string;
  /**
   * Attempts that the agent gives back without leaving; they were not started.
   *
   * Items: `epoch.seq`, strictly rising.
   */
  returned?: string[];
  [k: string]: unknown;
}
/**
 * Master to agent: I live too.
 */
export interface HeartbeatAnswer {
  /**
   * How often the agent says HB from now on; it follows the size of the fleet.
   */
  heartbeatMs?: number;
  [k: string]: unknown;
}
/**
 * Agent to master: these are finished. Said again until answered by ACK or STALE.
 */
export interface Results {
  /**
   * Finished attempts.
   */
  results: TaskResult[];
  [k: string]: unknown;
}
/**
 * What became of one attempt.
 */
export interface TaskResult {
  /**
   * Id of the task.
   */
  task: string;
  /**
   * Which try of it.
   */
  attempt: string;
  /**
   * MAC over task, attempt and session; only the master can make it.
   */
  token: string;
  /**
   * Which of the agent's slots, from 1; 0: it was never started.
   */
  slot: number;
  /**
   * What the worker says of it.
   */
  outcome: WireMade | WireFailed;
  [k: string]: unknown;
}
/**
 * The part file is complete, verified and on stable storage.
 */
export interface WireMade {
  /**
   * Tells the two outcomes apart.
   */
  status: 'made';
  part: WirePart;
  /**
   * Sample frames of the source that are in it; 0 for sidecars.
   */
  samples: number;
  /**
   * In Hz.
   */
  sampleRate: number;
  source: WireSourceSeen;
  /**
   * What made it.
   */
  encoder: string;
  /**
   * Things that a person should know.
   */
  warnings: string[];
  /**
   * Wall clock on the worker, in milliseconds.
   */
  ms: number;
  [k: string]: unknown;
}
/**
 * The part file.
 */
export interface WirePart {
  /**
   * Its stat.
   */
  stat: string;
  /**
   * Its content.
   */
  sha256: string;
  [k: string]: unknown;
}
/**
 * The source as the worker read it.
 */
export interface WireSourceSeen {
  /**
   * Its stat.
   */
  stat: string;
  /**
   * Its content.
   */
  sha256: string;
  /**
   * Which audio it holds.
   */
  audioId: string;
  /**
   * Which tags it holds.
   */
  tagId: string;
  /**
   * So young that an edit could hide behind an equal stat.
   */
  racy: boolean;
  [k: string]: unknown;
}
/**
 * No output; the part file is gone.
 */
export interface WireFailed {
  /**
   * Tells the two outcomes apart.
   */
  status: 'failed';
  /**
   * What is at fault.
   */
  class: 'input' | 'environment' | 'changed' | 'crash' | 'cancelled';
  /**
   * Stable name of the failure.
   */
  code:
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
    | 'WRITE_FAILED'
    | 'NO_SPACE'
    | 'NOT_ALLOWED'
    | 'WORKERS_LOST'
    | 'CANCELLED';
  /**
   * A sentence for people.
   */
  text: string;
  /**
   * The last lines that the encoder wrote.
   */
  stderrTail: string;
  /**
   * Wall clock on the worker, in milliseconds.
   */
  ms: number;
  [k: string]: unknown;
}
/**
 * Master to agent: recorded; forget these.
 */
export interface Ack {
  /**
   * Which ones.
   *
   * Items: `epoch.seq`, strictly rising.
   */
  attempts: string[];
  [k: string]: unknown;
}
/**
 * Master to agent: not yours any more; delete their part files.
 */
export interface Stale {
  /**
   * Which ones.
   *
   * Items: `epoch.seq`, strictly rising.
   */
  attempts: string[];
  [k: string]: unknown;
}
/**
 * Master to agent: stop these and report them as cancelled.
 */
export interface Cancel {
  /**
   * Which ones.
   *
   * Items: `epoch.seq`, strictly rising.
   */
  attempts: string[];
  [k: string]: unknown;
}
/**
 * Master to agent: start nothing more, finish what runs.
 */
export interface Drain {
  [k: string]: unknown;
}
/**
 * Agent to master: I am leaving.
 */
export interface Bye {
  /**
   * Why, for people.
   */
  reason: string;
  /**
   * Attempts that the agent gives back; no part file of them is left.
   *
   * Items: `epoch.seq`, strictly rising.
   */
  returned: string[];
  /**
   * How many results are still to come.
   */
  running: number;
  [k: string]: unknown;
}
/**
 * Master to agent: the run is over.
 */
export interface Shutdown {
  [k: string]: unknown;
}
/**
 * Master to agent: I do not know you, say HELLO.
 */
export interface Who {
  [k: string]: unknown;
}
/**
 * Either way: your last message made no sense.
 */
export interface ProtocolError {
  /**
   * Stable name of the error.
   */
  code: string;
  /**
   * For people.
   */
  text: string;
  [k: string]: unknown;
}
