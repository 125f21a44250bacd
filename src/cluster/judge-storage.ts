import type { AbsolutePath } from '../lib/brand.js';
import type { Probed, RootAnswer, RootQuestion } from './message.gen.js';
import { rootNeed } from './need.js';
import type { Lacks, Need } from './need.js';

/** Below this an output folder counts as nearly full. */
const LITTLE_BYTES = 1024 ** 3;
/** Clocks that differ by more make young files look old, or old ones young. */
const SKEW_MS = 5000;

/** What an agent's answers mean. Notes are things that stop nothing. */
export interface StorageVerdict {
  readonly lacks: Lacks;
  readonly notes: readonly string[];
}

/** Compares answers with questions; `undefined`: none came in time. Times are of the master's wall clock. */
export function judgeStorage(
  questions: readonly RootQuestion[],
  probed: Probed | undefined,
  { sentMs, nowMs }: { readonly sentMs: number; readonly nowMs: number },
): StorageVerdict {
  const lacks = new Map<Need, string>();
  const notes: string[] = [];
  for (const question of questions) {
    const { path, use } = question;
    const answer = probed?.roots.find((one) => one.path === path && one.use === use);
    const problem = answer === undefined ? noAnswer(path) : answer.problem;
    if (problem !== undefined) lacks.set(rootNeed({ path: path as AbsolutePath, use }), problem);
    else if (answer !== undefined) notes.push(...oddities(question, answer));
  }
  const skewMs = probed === undefined ? 0 : skewOf(probed.clockMs, sentMs, nowMs);
  if (Math.abs(skewMs) > SKEW_MS) notes.push(skewText(skewMs));
  return { lacks, notes };
}

function noAnswer(path: string): string {
  return `${path}: no answer whether it is there; does its mount hang?`;
}

function oddities({ path, caseSensitive }: RootQuestion, answer: RootAnswer): readonly string[] {
  const { freeBytes, caseSensitive: there } = answer;
  const differs = caseSensitive !== undefined && there !== undefined && caseSensitive !== there;
  return [
    ...(freeBytes !== undefined && freeBytes < LITTLE_BYTES
      ? [`has only ${Math.floor(freeBytes / 1024 ** 2)} MiB left in ${path}`]
      : []),
    ...(differs
      ? [
          `takes names in ${path} that differ in letter case for ${there ? 'two files' : 'one file'}`,
        ]
      : []),
  ];
}

/** How far a clock is ahead, beyond what the way there and back explains. */
function skewOf(clockMs: number, sentMs: number, nowMs: number): number {
  if (clockMs > nowMs) return clockMs - nowMs;
  return clockMs < sentMs ? clockMs - sentMs : 0;
}

function skewText(skewMs: number): string {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  return `has a clock that is ${seconds} s ${skewMs > 0 ? 'ahead' : 'behind'}; set both by NTP`;
}
