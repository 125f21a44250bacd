import type { Cost } from './measure.js';
import { formatMs } from './table.js';

/** One way to do the work that is measured. */
export interface Contender {
  readonly name: string;
  readonly run: () => Cost | Promise<Cost>;
}

/**
 * Runs the contenders in turn, so often each, and gives the median of each of their costs. In turn,
 * so that what else the machine does falls on all of them. Says each cost on standard error.
 */
export async function compare(
  contenders: readonly Contender[],
  repeats: number,
): Promise<readonly Cost[]> {
  const costs = contenders.map((): Cost[] => []);
  for (let round = 0; round < repeats; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      const cost = await contender.run();
      costs[index]?.push(cost);
      console.error(
        `  ${contender.name}: ${formatMs(cost.wallMs)}, CPU ${formatMs(cost.cpuMs)} (${round + 1} of ${repeats})`,
      );
    }
  }
  return costs.map((taken) => ({
    wallMs: median(taken.map(({ wallMs }) => wallMs)),
    cpuMs: median(taken.map(({ cpuMs }) => cpuMs)),
    peakMb: median(taken.map(({ peakMb }) => peakMb)),
  }));
}

/** Of at least one number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
