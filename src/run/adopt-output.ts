import { codecOf } from '../codecs/codecs.js';
import type { Codec } from '../codecs/codec.js';
import { ADOPTED_RECIPE, UNKNOWN_ENCODER, UNREAD } from '../ledger/adopted.js';
import type { Entry } from '../ledger/entry.js';
import type { Sha256 } from '../lib/brand.js';
import { sha256Of, sha256OfFile } from '../lib/checksum.js';
import type { Clock } from '../lib/clock.js';
import { nowNs } from '../lib/clock.js';
import { errorCode, errorMessage } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';
import type { StatKey } from '../lib/stat-key.js';
import { withoutPrefix } from '../lib/without-prefix.js';
import type { Recipe } from '../manifest/manifest.js';
import type { Desired } from '../plan/action.js';
import { wantedTagId } from '../plan/folder-pictures.js';
import { recipeOf } from '../plan/sidecar.js';
import { audioIdOfFile } from '../sources/flac-identity.js';
import { NO_TAGS } from '../sources/identity.js';
import { audioShapeOf } from '../sources/known-source.js';
import { isRacy } from '../sources/racy.js';
import { checkLength, usualTolerance } from '../task/length-check.js';
import { measureFile, tellsLength } from '../task/measure.js';
import { flacTitle, readTitle } from '../task/read-title.js';
import { sourceStat } from './source-stat.js';
import { lookAt } from './survey.js';

export interface AdoptContext {
  readonly run: string;
  readonly clock: Clock;
  /** Whether a file with this stat is one of the sources. */
  readonly isSource: (stat: StatKey) => boolean;
  /** The recipe of rows that are adopted by their length. */
  readonly recipe?: Recipe;
}

/**
 * Looks whether the file at a wanted path is an output of its source: a copy by its bytes, anything
 * else by how much audio it holds. Returns the row that it gets; the error says in a sentence part
 * why it gets none. Reads, never writes.
 */
export async function adoptOutput(
  desired: Desired,
  context: AdoptContext,
): Promise<Result<Entry, string>> {
  try {
    return await examine(desired, context);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return err(errorMessage(error));
  }
}

async function examine(desired: Desired, context: AdoptContext): Promise<Result<Entry, string>> {
  const { output, source, sidecar, set } = desired;
  const before = lookAt(output);
  if (before.kind !== 'file') return err('it is no regular file');
  if (context.isSource(before.stat)) return err('it is a source itself: a link leads to it');
  const codec = codecOf(set.profile.recipe.audio);
  const sha256 = await sha256OfFile(output);
  const isCopy = sidecar || codec?.kind === 'copy';
  const wrong = isCopy ? undefined : await problemOf(desired, codec);
  if (wrong !== undefined) return err(wrong);
  const racy = isRacy(source.stat, nowNs(context.clock));
  const read = isCopy || racy ? await sha256OfFile(source.path) : UNREAD;
  if (isCopy && contentOf(desired, read) !== sha256)
    return err('it is not the same, byte for byte');
  const unchanged = lookAt(output);
  if (unchanged.kind !== 'file' || unchanged.stat !== before.stat)
    return err('it was changed while it was read');
  if (sourceStat(source.path) !== source.stat) return err('its source was changed meanwhile');
  const found = { sha256: read, ...(racy ? { racy } : {}) };
  const seen = { stat: before.stat, sha256 };
  return ok(rowOf(desired, { source: found, output: seen, isCopy }, context));
}

/** What a copy has to be: its source's bytes, or those that were made of them. */
function contentOf({ playlist }: Desired, source: Sha256): Sha256 {
  if (playlist === undefined || playlist === 'unread') return source;
  return sha256Of(Buffer.from(playlist.content, 'latin1'));
}

/** Why the file is not all of its source's audio. */
async function problemOf(desired: Desired, codec: Codec | undefined): Promise<string | undefined> {
  const { output, source, set } = desired;
  if (codec?.kind !== 'encode') return `what ${set.profile.codec} makes cannot be compared`;
  const { identity } = source;
  const audio = source.audio ?? (identity && audioShapeOf(identity.audioId));
  if (audio === undefined || audio.samples === 0) return 'the length of its source is not known';
  const { samples, sampleRate } = audio;
  const { container } = codec;
  const md5 = container === 'flac' ? md5Of(desired) : undefined;
  if (!tellsLength(container)) return 'its length can only be told by decoding it';
  const tolerance = codec.tolerance ?? usualTolerance(container);
  const measured = await measureFile(output, container);
  const problem = checkLength(output, measured, { tolerance, samples, sampleRate, md5 });
  if (problem !== undefined) return withoutPrefix(problem.text, `${output}: `);
  const has = (await readTitle(output, container)) ?? '';
  const wants = (await flacTitle(source.path)) ?? '';
  return areAlike(has, wants) ? undefined : `it is entitled "${has}", its source "${wants}"`;
}

/** Of the source's audio, where nothing in the profile changes it. */
function md5Of({ source, set }: Desired): string | undefined {
  const limits = Object.keys(set.profile.recipe.audio.limits);
  const [, md5] = /^flac:([0-9a-f]{32})\//.exec(source.identity?.audioId ?? '') ?? [];
  return limits.length === 0 ? md5 : undefined;
}

/** Whether two titles may be one: many programs cut them, or spell what is not ASCII otherwise. */
function areAlike(title: string, other: string): boolean {
  const [a = '', b = ''] = [title, other].map((text) =>
    text
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, ''),
  );
  return a.startsWith(b) || b.startsWith(a);
}

interface Found {
  readonly source: Pick<Entry['source'], 'sha256' | 'racy'>;
  readonly output: Pick<Entry['output'], 'stat' | 'sha256'>;
  readonly isCopy: boolean;
}

function rowOf(
  desired: Desired,
  { source: found, output, isCopy }: Found,
  { run, clock, recipe }: AdoptContext,
): Entry {
  const { path, stat, identity, audio } = desired.source;
  const { audioId, tagId } = identity ?? {
    audioId: audioIdOfFile(found.sha256),
    tagId: NO_TAGS,
  };
  const samples = (audio ?? audioShapeOf(audioId))?.samples ?? 0;
  return {
    path: desired.output,
    set: desired.set.name,
    // Its cover counts as the one that is there now: nobody knows where it came from.
    source: { path, stat, audioId, tagId: wantedTagId(desired, tagId, tagId), ...found },
    recipe: isCopy ? recipeOf(desired) : (recipe ?? ADOPTED_RECIPE),
    encoder: isCopy ? 'copy' : UNKNOWN_ENCODER,
    output: { ...output, samples },
    made: { at: new Date(clock.now()).toISOString(), run, worker: 'adopted', ms: 0 },
  };
}
