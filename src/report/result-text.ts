import type { PlanCost, RunEvent } from './event.js';
import {
  hasWork,
  summarizeCurrent,
  summarizePlan,
  summarizeWaiting,
  tellProblems,
} from './plan-summary.js';
import type { ActionCounts } from './plan-summary.js';
import { renderPlanMarkdown } from './plan-markdown.js';
import { renderPlan } from './plan-text.js';
import type { PlanTextOptions } from './plan-text.js';
import { renderFailures, renderSummary } from './summary.js';
import { hang } from './text.js';

const COLUMNS = 80;

/** What a command answers on standard output: the plan where it is asked for, and the summary. */
export class ResultText {
  readonly #options: PlanTextOptions & { readonly markdown: boolean };
  #counts: ActionCounts | undefined;
  #cost: PlanCost | undefined;
  #planShown = false;
  /** What the scan could not take. */
  #problems = 0;

  /** `markdown`: a plan is for a comment on a pull request. */
  constructor(options: PlanTextOptions & { readonly markdown: boolean }) {
    this.#options = options;
  }

  /** The text that an event adds; empty for most. A run that had nothing to do says so in a line. */
  take(event: RunEvent): string {
    if (event.type === 'scan-problem') this.#problems += 1;
    if (event.type === 'plan-ready') {
      this.#counts = event.counts;
      this.#cost = event.estimate;
    }
    if (event.type === 'plan') {
      this.#planShown = true;
      const render = this.#options.markdown ? renderPlanMarkdown : renderPlan;
      const text = render(event.changes, event.counts, { ...this.#options, cost: this.#cost });
      if (this.#problems === 0) return text;
      return `${text}${this.#options.markdown ? '\n' : ''}${tellProblems(this.#problems)}\n`;
    }
    if (event.type === 'answer') return event.text;
    if (event.type !== 'summary') return '';
    if (this.#counts === undefined || hasWork(this.#counts)) {
      return joined(renderSummary(event, { ...this.#options, counts: this.#counts }), this.waiting);
    }
    if (this.#planShown) return '';
    const current = `${summarizeCurrent(this.#counts)}\n`;
    const failures = renderFailures(event.failures, this.#options);
    if (failures === '') return `${current}${this.waiting}`;
    return joined(current, failures, this.waiting);
  }

  /** What the run leaves to a person, as a line or two; empty where that is nothing. */
  get waiting(): string {
    return this.#waiting(this.#problems);
  }

  /** The same without the count of the scan's problems, for who is told nothing between them and it. */
  get waitingOutputs(): string {
    return this.#waiting(0);
  }

  #waiting(problems: number): string {
    const text = this.#counts === undefined ? '' : summarizeWaiting(this.#counts, problems);
    return text === '' ? '' : `${hang(text, COLUMNS)}\n`;
  }

  /** The plan in one line, unless the whole plan was shown. */
  get planLine(): string | undefined {
    return this.#counts === undefined || this.#planShown ? undefined : summarizePlan(this.#counts);
  }
}

/** Blocks with an empty line between them. */
function joined(...blocks: readonly string[]): string {
  return blocks.filter((block) => block !== '').join('\n');
}
