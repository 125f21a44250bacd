import type { Entries } from '../ledger/entry.js';
import { audioShapeOf } from '../sources/known-source.js';

/** What a codec takes, in milliseconds: for each file as such, and for each second of audio in it. */
export interface CodecPace {
  readonly fileMs: number;
  readonly secondMs: number;
}

export type Pace = ReadonlyMap<string, CodecPace>;

interface Made {
  readonly ms: number;
  readonly seconds: number;
}

/** So many rows tell the pace of a codec; a million would not tell it better. */
const ROWS_LOOKED_AT = 20_000;

/** What is shorter takes as long as programs take to start. */
const SHORT_SECONDS = 5;

/** What a file takes by itself where no short one tells. */
const USUAL_FILE_MS = 50;

/** The pace of each codec over what the ledger remembers: rows that were only retagged are few. */
export function paceOf(entries: Pick<Entries, 'size' | 'keys' | 'get'>): Pace {
  const made = new Map<string, Made[]>();
  const step = Math.max(1, Math.floor(entries.size / ROWS_LOOKED_AT));
  let at = 0;
  for (const path of entries.keys()) {
    at += 1;
    const entry = at % step === 0 ? entries.get(path) : undefined;
    if (entry === undefined) continue;
    const { recipe, source, output, made: making } = entry;
    const rate = audioShapeOf(source.audioId)?.sampleRate ?? 0;
    if (rate === 0 || output.samples === 0) continue;
    const { codec } = recipe.audio;
    const row = { ms: making.ms, seconds: output.samples / rate };
    const known = made.get(codec);
    if (known === undefined) made.set(codec, [row]);
    else known.push(row);
  }
  return new Map([...made].map(([codec, rows]) => [codec, codecPace(rows)]));
}

/** Medians, which odd rows do not move. Where all are short, a second is taken for no more than a share of them. */
function codecPace(rows: readonly Made[]): CodecPace {
  const short = rows.filter(({ seconds }) => seconds < SHORT_SECONDS);
  const long = rows.filter(({ seconds }) => seconds >= SHORT_SECONDS);
  const paceAfter = (fileMs: number): number =>
    median(
      (long.length > 0 ? long : short).map(
        ({ ms, seconds }) => Math.max(0, ms - fileMs) / Math.max(seconds, SHORT_SECONDS),
      ),
    );
  const first = paceAfter(0);
  const fileMs =
    short.length > 0
      ? median(short.map(({ ms, seconds }) => Math.max(0, ms - first * seconds)))
      : Math.min(USUAL_FILE_MS, median(long.map(({ ms }) => ms)));
  return { fileMs, secondMs: long.length > 0 ? paceAfter(fileMs) : first };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
