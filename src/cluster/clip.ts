import type { Outcome } from '../task/task.js';

const MAX_TEXT = 4096;
const MAX_STDERR = 8192;
const MAX_WARNINGS = 50;

/** Cuts what programs said to a length that fits into a message with room to spare. */
export function clipOutcome(outcome: Outcome): Outcome {
  if (outcome.status === 'made') {
    const warnings = outcome.warnings.slice(0, MAX_WARNINGS).map((text) => text.slice(0, MAX_TEXT));
    return { ...outcome, warnings };
  }
  return {
    ...outcome,
    text: outcome.text.slice(0, MAX_TEXT),
    stderrTail: outcome.stderrTail.slice(-MAX_STDERR),
  };
}
