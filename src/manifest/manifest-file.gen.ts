// Generated from schemas/manifest.schema.json by "npm run generate". Do not edit.

/**
 * A folder that holds FLAC files: its path, or a mapping with path and more.
 */
export type Source =
  | string
  | {
      /**
       * The folder: absolute, relative to this file, or below the home folder (~/...).
       */
      path: string;
      /**
       * Patterns of the files that are sources, relative to the path; letter case does not count.
       */
      include?: string[];
      /**
       * Patterns of files that are left out, relative to the path. A list of your own replaces this one.
       */
      exclude?: string[];
      /**
       * A file below the path that must exist, else nothing is done: it proves that the disk is mounted.
       */
      sentinel?: string;
    };
/**
 * The codec. aac: AAC in .m4a by ffmpeg; aacplus: HE-AAC by fdkaac, ffmpeg with libfdk_aac, or aac-enc; copy: the same file, after a decode check; flac: FLAC by flac, compressed again; mp3: MP3 by lame; opus: Ogg Opus by opusenc; test: a decode check with an analysis report; vorbis: Ogg Vorbis by oggenc; ffmpeg:NAME: any audio encoder of the installed ffmpeg, by its name there.
 */
export type CodecName = string;
/**
 * An engine that starts workers, and how many.
 */
export type Provider =
  LocalProvider | SshProvider | SlurmProvider | KubernetesProvider | SystemdProvider;

/**
 * Which FLAC sources are kept as which outputs, in which form and where.
 */
export interface ManifestFile {
  /**
   * The version of this format.
   */
  version: 1;
  /**
   * Files with more profiles, relative to this file. Such a file holds version and profiles, nothing else. A later file wins over an earlier one, and the profiles of this file win over all.
   */
  extends?: string | string[];
  source?: Source;
  /**
   * The folders that hold FLAC files, by name. With a single one, source is shorter.
   */
  sources?: {
    [k: string]: Source;
  };
  profiles?: Profiles;
  /**
   * What is made: each item puts all files of one source into one folder, in the form of one profile.
   *
   * @minItems 1
   */
  outputs: [Output, ...Output[]];
  policy?: Policy;
  cluster?: Cluster;
}
/**
 * Codecs with their options, by name, for outputs to refer to.
 */
export interface Profiles {
  [k: string]: Profile;
}
/**
 * A codec with its options.
 */
export interface Profile {
  codec: CodecName;
  /**
   * Options of the codec, by name. What is left out has the default of the codec.
   */
  options?: {
    [k: string]: unknown;
  };
  /**
   * Raw arguments for the encoder, after those that the options make. They are part of the recipe: a change here encodes again.
   */
  args?: string[];
  tags?: Tags;
  pictures?: Pictures;
  /**
   * The kind of file, by its extension, where the codec can write several: those of ffmpeg:NAME.
   */
  extension?: string;
  limits?: Limits;
}
/**
 * How tags are written. Fields go by the names they have in FLAC; letter case does not count. First keep and drop choose among the fields of the source, then set adds its own.
 */
export interface Tags {
  /**
   * The version of ID3v2 in mp3. 2.4 keeps several values of a field apart; 2.3 is for old players. In quotes.
   */
  id3?: '2.3' | '2.4';
  /**
   * Only these fields of the source are written; * stands for any letters. Without it all are.
   *
   * @minItems 1
   */
  keep?: [string, ...string[]];
  /**
   * These fields of the source are left out; * stands for any letters.
   *
   * @minItems 1
   */
  drop?: [string, ...string[]];
  /**
   * Fields that are written in place of what the source says: a text, or a list for several values. {artist} stands for that field of the source, {{ for a brace; a text that is nothing but {artist} takes all of its values. Where the source has no such field, the text does not count.
   */
  set?: {
    /**
     * The value of the field, or a list of values.
     *
     * @minItems 1
     */
    [k: string]: string | number | [string | number, ...(string | number)[]];
  };
  /**
   * keep: ReplayGain is written as the format has it (in Opus as R128 gain); drop: it is left out.
   */
  replaygain?: 'keep' | 'drop';
}
/**
 * What becomes of pictures. Without it all pictures of the source are kept as they are, as far as the format can hold them.
 */
export interface Pictures {
  /**
   * The most pixels a picture may be wide or high. Larger ones are made smaller by ffmpeg; no picture is enlarged.
   */
  maxSize?: number;
  /**
   * jpeg: pictures of other formats become JPEG; keep: they stay what they are.
   */
  format?: 'keep' | 'jpeg';
  /**
   * false: no picture is written.
   */
  embed?: boolean;
  /**
   * Names of files in the folder of the source, letter case does not count: the first that is there becomes the front cover of a source that has none of its own.
   *
   * @minItems 1
   */
  fromFolder?: [string, ...string[]];
}
/**
 * What is above a limit is brought down to it by ffmpeg; what is below stays as it is.
 */
export interface Limits {
  /**
   * The highest sample rate, in Hz.
   */
  sampleRate?:
    8000 | 11025 | 16000 | 22050 | 24000 | 32000 | 44100 | 48000 | 88200 | 96000 | 176400 | 192000;
  /**
   * The most bits a sample.
   */
  bits?: 16 | 24;
  /**
   * The most channels; more are mixed down.
   */
  channels?: number;
}
/**
 * One source in one form in one folder.
 */
export interface Output {
  /**
   * The name of a profile. An output names a profile, or has a codec (with options and so on) of its own.
   */
  profile?: string;
  codec?: CodecName;
  /**
   * Options of the codec, by name. What is left out has the default of the codec.
   */
  options?: {
    [k: string]: unknown;
  };
  /**
   * Raw arguments for the encoder, after those that the options make. They are part of the recipe: a change here encodes again.
   */
  args?: string[];
  tags?: Tags;
  pictures?: Pictures;
  /**
   * The kind of file, by its extension, where the codec can write several: those of ffmpeg:NAME.
   */
  extension?: string;
  limits?: Limits;
  /**
   * The name of the source. Not needed where there is only one.
   */
  from?: string;
  /**
   * The folder to write to: absolute, relative to this file, or below the home folder (~/...). {profile} and {source} stand for their names; {{ is a brace.
   */
  to: string;
  /**
   * Where a file goes below the folder. mirror: as in the source; flat: all in one folder; or a template over tags, without extension.
   */
  layout?: string;
  /**
   * keep: as in the source; fat32: without the characters that FAT and Windows refuse; ascii: plain ASCII.
   */
  names?: 'keep' | 'fat32' | 'ascii';
  /**
   * Patterns of files that are copied as they are, relative to the source.
   */
  copy?: string[];
  /**
   * What becomes of audio files in the source that are no FLAC. ignore: nothing; copy: they are copied as they are, under the output's layout and names; link: so too, but sharing the source's storage (a reflink, as btrfs and XFS have it: writing to one leaves the other as it is), and a failure where the file system cannot do that.
   */
  passthrough?: 'ignore' | 'copy' | 'link';
  /**
   * Patterns of the files that passthrough is about, relative to the source. Left out: those with the usual extensions of audio (aac, ac3, aif, aiff, alac, amr, ape, au, dff, dsf, dts, eac3, m4a, m4b, mka, mp2, mp3, mp4a, mpc, oga, ogg, opus, ra, shn, spx, tak, tta, wav, wma, wv).
   */
  passthroughFiles?: string[];
  /**
   * Playlists of the source (.m3u, .m3u8) are made for the outputs, with the outputs' names in them. true: all; or patterns relative to the source.
   */
  playlists?: boolean | string[];
  /**
   * Delete outputs whose source is gone. Only files that flac2all made and nobody changed since.
   */
  prune?: boolean;
}
/**
 * How careful a run is.
 */
export interface Policy {
  /**
   * What happens to an output that was changed outside flac2all. report: it is named and left alone; repair: it is made again; accept: what it is now is recorded, and kept until its source or options change.
   */
  onDrift?: 'report' | 'repair' | 'accept';
  /**
   * Encode again when the version of an encoder changed.
   */
  rebuildOnEncoderChange?: boolean;
  /**
   * A run that would delete more does nothing at all: a share of all outputs ("20%") or a number of files. Left out, it is 20%, but fewer than 10 files always pass.
   */
  maxDelete?: string | number;
  /**
   * Outputs that are pruned are not deleted, but moved into .flac2all-trash below the output's folder; flac2all gc removes what has been there for so long.
   */
  trash?: string;
  /**
   * A source younger than this may still be being written, and is left for the next run.
   */
  minAge?: string;
  /**
   * An output that failed so often is not tried again before its source or profile changes.
   */
  maxFailures?: number;
}
/**
 * Who does the work.
 */
export interface Cluster {
  /**
   * Where more workers connect to (flac2all_worker HOST). Workers of other machines need a key (flac2all keys); an address of this machine alone, like tcp://127.0.0.1:2019, needs none. Without it only the worker that apply starts works.
   */
  bind?: string;
  /**
   * Lets workers of other machines in without a key. Whoever can reach the address can then hand in results: only for a network that nobody else is in.
   */
  insecure?: boolean;
  /**
   * While apply works, a port of this machine alone (127.0.0.1) answers /metrics for Prometheus, /healthz and /workers.json. 0: a free port, which apply tells.
   */
  metrics?: number;
  /**
   * How many files this machine encodes at a time. auto: one for each CPU; 0: none.
   */
  workers?: string | number;
  /**
   * What becomes of workers whose encoders are of another version than this machine's, so that they might make other bytes: warn takes them and says so, require refuses them, allow says nothing. A worker that lacks an encoder gets no outputs that need it, whatever stands here.
   */
  uniformTools?: 'require' | 'warn' | 'allow';
  /**
   * The name or address under which workers of other machines reach this one. Without it: the host of bind, or the name of this machine.
   */
  advertise?: string;
  /**
   * Engines that start workers for apply, as many as the work needs, and end them.
   */
  providers?: Provider[];
}
/**
 * Worker processes on this machine.
 */
export interface LocalProvider {
  /**
   * Which engine.
   */
  type: 'local';
  /**
   * What the provider is called. Needed where there are two of one type.
   */
  name?: string;
  /**
   * So many workers are kept while there is work for them, however little.
   */
  min?: number;
  /**
   * Never more workers than this at a time.
   */
  max?: number;
  /**
   * Files that one worker encodes at a time. auto: one for each CPU of its machine.
   */
  slots?: string | number;
  /**
   * A worker takes nothing more after so long, finishes what it has and ends; the engine is asked for a little more.
   */
  lifetime?: string;
  /**
   * A worker that has not heard from its master for so long ends.
   */
  orphanAfter?: string;
  /**
   * The program and its first arguments that start flac2all where the worker runs. Otherwise this installation, by its path; for ssh and kubernetes flac2all from PATH.
   *
   * @minItems 1
   */
  command?: [string, ...string[]];
}
/**
 * A worker on each of some machines, by ssh; the end of the connection is the end of the worker.
 */
export interface SshProvider {
  /**
   * Which engine.
   */
  type: 'ssh';
  /**
   * What the provider is called. Needed where there are two of one type.
   */
  name?: string;
  /**
   * So many workers are kept while there is work for them, however little.
   */
  min?: number;
  /**
   * Never more workers than this at a time. Otherwise one on each host.
   */
  max?: number;
  /**
   * Files that one worker encodes at a time. auto: one for each CPU of its machine.
   */
  slots?: string | number;
  /**
   * A worker takes nothing more after so long, finishes what it has and ends; the engine is asked for a little more.
   */
  lifetime?: string;
  /**
   * A worker that has not heard from its master for so long ends.
   */
  orphanAfter?: string;
  /**
   * The program and its first arguments that start flac2all where the worker runs. Otherwise this installation, by its path; for ssh and kubernetes flac2all from PATH.
   *
   * @minItems 1
   */
  command?: [string, ...string[]];
  /**
   * Where workers run, as ssh takes it: names of ssh_config, user@host, ssh://user@host:port.
   *
   * @minItems 1
   */
  hosts: [string, ...string[]];
  /**
   * The private key of ssh, as a file. Otherwise what ssh takes by itself.
   */
  identity?: string;
  /**
   * More arguments for ssh, before the host.
   */
  options?: string[];
}
/**
 * Jobs of a Slurm cluster.
 */
export interface SlurmProvider {
  /**
   * Which engine.
   */
  type: 'slurm';
  /**
   * What the provider is called. Needed where there are two of one type.
   */
  name?: string;
  /**
   * So many workers are kept while there is work for them, however little.
   */
  min?: number;
  /**
   * Never more workers than this at a time.
   */
  max?: number;
  /**
   * Files that one worker encodes at a time, and the CPUs that are asked for it.
   */
  slots?: number;
  /**
   * A worker takes nothing more after so long, finishes what it has and ends; the engine is asked for a little more.
   */
  lifetime?: string;
  /**
   * A worker that has not heard from its master for so long ends.
   */
  orphanAfter?: string;
  /**
   * The program and its first arguments that start flac2all where the worker runs. Otherwise this installation, by its path; for ssh and kubernetes flac2all from PATH.
   *
   * @minItems 1
   */
  command?: [string, ...string[]];
  /**
   * The partition that the jobs go to. Otherwise that of the cluster.
   */
  partition?: string;
  /**
   * The account that is charged.
   */
  account?: string;
  /**
   * The memory of a job, as sbatch --mem takes it.
   */
  memory?: string;
  /**
   * More arguments for sbatch.
   */
  options?: string[];
}
/**
 * Indexed Jobs of a Kubernetes cluster (1.29 or newer), by kubectl.
 */
export interface KubernetesProvider {
  /**
   * Which engine.
   */
  type: 'kubernetes';
  /**
   * What the provider is called. Needed where there are two of one type.
   */
  name?: string;
  /**
   * So many workers are kept while there is work for them, however little.
   */
  min?: number;
  /**
   * Never more workers than this at a time.
   */
  max?: number;
  /**
   * Files that one worker encodes at a time, and the CPUs that are asked for it.
   */
  slots?: number;
  /**
   * A worker takes nothing more after so long, finishes what it has and ends; the engine is asked for a little more.
   */
  lifetime?: string;
  /**
   * A worker that has not heard from its master for so long ends.
   */
  orphanAfter?: string;
  /**
   * The program and its first arguments that start flac2all where the worker runs. Otherwise this installation, by its path; for ssh and kubernetes flac2all from PATH.
   *
   * @minItems 1
   */
  command?: [string, ...string[]];
  /**
   * The container image with flac2all and the encoders, of the same version as this program.
   */
  image: string;
  /**
   * Volume claims that all workers share (ReadWriteMany) with sources and outputs, and where they are mounted: at the same paths as here.
   *
   * @minItems 1
   */
  volumes: [
    {
      /**
       * The name of the PersistentVolumeClaim.
       */
      claim: string;
      /**
       * Where it is mounted.
       */
      path: string;
    },
    ...{
      /**
       * The name of the PersistentVolumeClaim.
       */
      claim: string;
      /**
       * Where it is mounted.
       */
      path: string;
    }[],
  ];
  /**
   * The namespace. Otherwise that of the context.
   */
  namespace?: string;
  /**
   * The context of kubeconfig. Otherwise the current one.
   */
  context?: string;
  /**
   * The memory that a worker asks for, and its limit.
   */
  memory?: string;
  /**
   * The user id of the workers, which must be able to read the sources and write the outputs.
   */
  user?: number;
  /**
   * Their group id.
   */
  group?: number;
  /**
   * How long a worker that is told to go may finish what it runs.
   */
  grace?: string;
  /**
   * Labels of the nodes that workers may run on.
   */
  nodeSelector?: {
    [k: string]: string;
  };
}
/**
 * Services of systemd on this machine.
 */
export interface SystemdProvider {
  /**
   * Which engine.
   */
  type: 'systemd';
  /**
   * What the provider is called. Needed where there are two of one type.
   */
  name?: string;
  /**
   * So many workers are kept while there is work for them, however little.
   */
  min?: number;
  /**
   * Never more workers than this at a time.
   */
  max?: number;
  /**
   * Files that one worker encodes at a time. auto: one for each CPU of its machine.
   */
  slots?: string | number;
  /**
   * A worker takes nothing more after so long, finishes what it has and ends; the engine is asked for a little more.
   */
  lifetime?: string;
  /**
   * A worker that has not heard from its master for so long ends.
   */
  orphanAfter?: string;
  /**
   * The program and its first arguments that start flac2all where the worker runs. Otherwise this installation, by its path; for ssh and kubernetes flac2all from PATH.
   *
   * @minItems 1
   */
  command?: [string, ...string[]];
  /**
   * user: services of this user; system: of the machine, which needs root.
   */
  scope?: 'user' | 'system';
  /**
   * With scope system: the user that the workers run as.
   */
  user?: string;
  /**
   * How long a worker that is told to go may finish what it runs.
   */
  grace?: string;
}
