import type { PlanCost, RunEvent } from './event.js';
import { hasWork, summarizeCurrent, summarizePlan, summarizeWaiting } from './plan-summary.js';
import type { ActionCounts } from './plan-summary.js';
import { renderPlanMarkdown } from './plan-markdown.js';
import { renderPlan } from './plan-text.js';
import type { PlanTextOptions } from './plan-text.js';
import { renderSummary } from './summary.js';

/** What a command answers on standard output: the plan where it is asked for, and the summary. */
export class ResultText {
  readonly #options: PlanTextOptions & { readonly markdown: boolean };
  #counts: ActionCounts | undefined;
  #cost: PlanCost | undefined;
  #planShown = false;

  /** `markdown`: a plan is for a comment on a pull request. */
  constructor(options: PlanTextOptions & { readonly markdown: boolean }) {
    this.#options = options;
  }

  /** The text that an event adds; empty for most. A run that had nothing to do says so in a line. */
  take(event: RunEvent): string {
    if (event.type === 'plan-ready') {
      this.#counts = event.counts;
      this.#cost = event.estimate;
    }
    if (event.type === 'plan') {
      this.#planShown = true;
      const render = this.#options.markdown ? renderPlanMarkdown : renderPlan;
      return render(event.changes, event.counts, { ...this.#options, cost: this.#cost });
    }
    if (event.type === 'answer') return event.text;
    if (event.type !== 'summary') return '';
    if (this.#counts === undefined || hasWork(this.#counts)) {
      const { waiting } = this;
      return `${renderSummary(event, this.#options)}${waiting === '' ? '' : `\n${waiting}`}`;
    }
    return this.#planShown ? '' : `${summarizeCurrent(this.#counts)}\n${this.waiting}`;
  }

  /** What the run leaves to a person, as a line; empty where that is nothing. */
  get waiting(): string {
    const text = this.#counts === undefined ? '' : summarizeWaiting(this.#counts);
    return text === '' ? '' : `${text}\n`;
  }

  /** The plan in one line, unless the whole plan was shown. */
  get planLine(): string | undefined {
    return this.#counts === undefined || this.#planShown ? undefined : summarizePlan(this.#counts);
  }
}
