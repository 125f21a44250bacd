import { noCounts } from '../plan/make-plan.js';
import type { Action } from '../plan/action.js';
import type { PlanFile } from '../plan/plan-file.gen.js';
import { code, renderPlanMarkdown } from './plan-markdown.js';
import type { PlanRow } from './plan-rows.js';
import { renderPlan } from './plan-text.js';
import type { PlanTextOptions } from './plan-text.js';
import { escapeControls } from './text.js';

/** Renders a saved plan as `plan` renders one, and says first what it is for. Ends in a newline. */
export function renderSavedPlan(
  saved: PlanFile,
  options: PlanTextOptions & { readonly markdown: boolean },
): string {
  const counts = noCounts();
  const rows = saved.changes.map(({ action, output, reasons }): PlanRow => {
    counts[action as Action] += 1;
    return {
      action: action as Action,
      output: output as PlanRow['output'],
      reasons: reasons.map((text) => ({ text })),
    };
  });
  const when = `${saved.createdAt.slice(0, 19).replace('T', ' ')} UTC`;
  const file = escapeControls(saved.manifest);
  const of = `of the ledger with serial ${saved.serial}`;
  return options.markdown
    ? `Saved ${when} for ${code(file)}, ${of}.\n\n${renderPlanMarkdown(rows, counts, { ...options, isSaved: true })}`
    : `Saved ${when} for ${file}, ${of}.\n\n${renderPlan(rows, counts, { ...options, isSaved: true })}`;
}
