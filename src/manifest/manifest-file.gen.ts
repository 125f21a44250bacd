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
 * The codec. aac: AAC in .m4a by ffmpeg; copy: the same file, after a decode check; flac: FLAC by flac, compressed again; mp3: MP3 by lame; opus: Ogg Opus by opusenc; test: a decode check with an analysis report; vorbis: Ogg Vorbis by oggenc.
 */
export type CodecName = 'aac' | 'copy' | 'flac' | 'mp3' | 'opus' | 'test' | 'vorbis';

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
  limits?: Limits;
}
/**
 * How tags are written.
 */
export interface Tags {
  /**
   * The version of ID3v2 in mp3. 2.4 keeps several values of a field apart; 2.3 is for old players. In quotes.
   */
  id3?: '2.3' | '2.4';
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
   * How many files this machine encodes at a time. auto: one for each CPU; 0: none.
   */
  workers?: string | number;
}
