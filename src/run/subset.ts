import { crc32 } from 'node:zlib';

/** A share of all outputs: of `of` equal parts `parts`, each day the next ones. */
export interface Subset {
  readonly parts: number;
  readonly of: number;
}

const MOST_PARTS = 10_000;
const DAY_MS = 86_400_000;

/** Reads `1/30`; `undefined` for what is no share. */
export function parseSubset(text: string): Subset | undefined {
  const [, parts, of] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  const subset = { parts: Number(parts), of: Number(of) };
  const isShare = subset.parts >= 1 && subset.parts <= subset.of && subset.of <= MOST_PARTS;
  return isShare ? subset : undefined;
}

/**
 * Selects the outputs of a day. Which part an output is in follows from its path alone, so that it
 * stays there whatever comes and goes; which parts it is a day's turn for follows from the date, so
 * that `of / parts` days in a row (rounded up) select every output.
 */
export function ofDay({ parts, of }: Subset, day: number): (path: string) => boolean {
  const first = (day * parts) % of;
  return (path) => {
    const part = crc32(path) % of;
    return (part - first + of) % of < parts;
  };
}

/** The number of a calendar day where this machine is: one more each midnight. */
export function dayNumber(nowMs: number): number {
  const now = new Date(nowMs);
  return Math.floor(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / DAY_MS);
}
