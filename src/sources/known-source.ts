import type { AbsolutePath, Sha256 } from '../lib/brand.js';
import type { StatKey } from '../lib/stat-key.js';
import type { FlacIdentity } from './flac-identity.js';
import { sourceTagId } from './folder-picture.js';
import { audioIdOfFile } from './flac-identity.js';
import type { AudioId, SourceIdentity } from './identity.js';
import type { AudioShape } from './source.js';

/** What the ledger recorded of a source when one of its outputs was made. */
export interface KnownSource extends SourceIdentity {
  readonly path: AbsolutePath;
  readonly stat: StatKey;
  readonly sha256: Sha256;
  /** So young when it was read that an edit could hide behind an equal stat. */
  readonly racy?: true | undefined;
}

/**
 * What is recorded of a source that nobody wrote to since (T0), its identity with it; `undefined` when
 * the stat cannot tell: nothing or something else is recorded, or the file was too young then.
 */
export function trustedRecord(
  stat: StatKey,
  known: readonly KnownSource[],
): KnownSource | undefined {
  const [first, ...others] = known;
  if (first === undefined || !isOfStat(first, stat)) return undefined;
  const trusted = others.every(
    (row) =>
      isOfStat(row, stat) &&
      row.audioId === first.audioId &&
      sourceTagId(row.tagId) === sourceTagId(first.tagId),
  );
  return trusted ? first : undefined;
}

function isOfStat(row: KnownSource, stat: StatKey): boolean {
  return row.stat === stat && row.racy !== true;
}

/**
 * Whether the header (T1) leaves it open what the source holds, so that all its bytes must be
 * looked at (T2): it names no audio, or it equals that of a file which was too young to be sure of.
 */
export function needsBytes(header: FlacIdentity, known: readonly KnownSource[]): boolean {
  return header.audioId === undefined || known.some((row) => isDoubtful(header, row));
}

/**
 * The audio's identity once the bytes are known. A header equal to a recorded one over bytes that
 * differ from it proves nothing about the audio any more: the bytes stand for it then.
 */
export function audioIdByBytes(
  header: FlacIdentity,
  known: readonly KnownSource[],
  sha256: Sha256,
): AudioId {
  const deceived = known.some((row) => isDoubtful(header, row) && row.sha256 !== sha256);
  return header.audioId === undefined || deceived ? audioIdOfFile(sha256) : header.audioId;
}

function isDoubtful(header: FlacIdentity, row: KnownSource): boolean {
  return (
    row.racy === true && row.audioId === header.audioId && sourceTagId(row.tagId) === header.tagId
  );
}

/** Reads an audio identity back; `undefined` where it is the digest of a file. */
export function audioShapeOf(audioId: AudioId): AudioShape | undefined {
  if (!audioId.startsWith('flac:')) return undefined;
  const [, samples, sampleRate, channels, bits] = audioId.split('/');
  return {
    samples: Number(samples),
    sampleRate: Number(sampleRate),
    channels: Number(channels),
    bits: Number(bits),
  };
}
