import type { Entries } from '../ledger/entry.js';
import { statSize } from '../lib/stat-key.js';
import { audioShapeOf } from '../sources/known-source.js';
import type { AudioShape } from '../sources/source.js';
import type { Action, Change, Desired } from './action.js';

/** What a plan will take. */
export interface PlanEstimate {
  /** Size of the sources that are read to make outputs, and their length where it is known. */
  readonly sourceBytes: number;
  readonly audioSeconds: number;
  /** Size of the outputs that are deleted. */
  readonly deletedBytes: number;
  /** Of one worker, in milliseconds; `null`: a codec has made nothing yet, so nobody knows. */
  readonly workMs: number | null;
}

/** Milliseconds that a second of audio took, by codec. */
export type Pace = ReadonlyMap<string, number>;

/** So many rows tell the pace of a codec; a million would not tell it better. */
const ROWS_LOOKED_AT = 20_000;

const MADE: ReadonlySet<Action> = new Set(['create', 'update', 'repair']);

/** Whether an output is made from its source. */
export function isMade(action: Action): boolean {
  return MADE.has(action);
}

/** The median pace of each codec over what the ledger remembers: rows that were only retagged are few. */
export function paceOf(entries: Pick<Entries, 'size' | 'keys' | 'get'>): Pace {
  const ratios = new Map<string, number[]>();
  const step = Math.max(1, Math.floor(entries.size / ROWS_LOOKED_AT));
  let at = 0;
  for (const path of entries.keys()) {
    at += 1;
    const entry = at % step === 0 ? entries.get(path) : undefined;
    if (entry === undefined) continue;
    const { recipe, source, output, made } = entry;
    const rate = audioShapeOf(source.audioId)?.sampleRate ?? 0;
    if (rate === 0 || output.samples === 0) continue;
    const { codec } = recipe.audio;
    const known = ratios.get(codec);
    const ratio = (made.ms * rate) / output.samples;
    if (known === undefined) ratios.set(codec, [ratio]);
    else known.push(ratio);
  }
  return new Map([...ratios].map(([codec, all]) => [codec, median(all)]));
}

/** Adds up what the changes take. Retagged, moved and copied files count as nothing. */
export function estimatePlan(changes: readonly Change[], pace: Pace): PlanEstimate {
  let sourceBytes = 0;
  let totalSeconds = 0;
  let deletedBytes = 0;
  let workMs: number | null = 0;
  for (const change of changes) {
    const { action, desired } = change;
    if (action === 'delete') deletedBytes += changeBytes(change);
    if (!isMade(action) || desired === undefined) continue;
    sourceBytes += changeBytes(change);
    if (desired.sidecar) continue;
    const seconds = audioSeconds(desired.source);
    const perSecond = pace.get(desired.set.profile.codec);
    totalSeconds += seconds;
    workMs = workMs === null || perSecond === undefined ? null : workMs + perSecond * seconds;
  }
  return { sourceBytes, audioSeconds: totalSeconds, deletedBytes, workMs };
}

/** Size of what a change is about: the source of an output that is made, else the output that is there. */
export function changeBytes({
  action,
  desired,
  entry,
}: Pick<Change, 'action' | 'desired' | 'entry'>): number {
  if (isMade(action)) return desired === undefined ? 0 : statSize(desired.source.stat);
  return entry === undefined ? 0 : statSize(entry.output.stat);
}

/** Length of a source in seconds; 0 where its header does not say. */
export function audioSeconds(source: Desired['source']): number {
  const audio = audioShape(source);
  return audio === undefined || audio.sampleRate === 0 ? 0 : audio.samples / audio.sampleRate;
}

/** What audio a source holds, by its header or by its identity. */
export function audioShape({ audio, identity }: Desired['source']): AudioShape | undefined {
  return audio ?? (identity && audioShapeOf(identity.audioId));
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
