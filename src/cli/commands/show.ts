import type { JsonObject } from '../../lib/json.js';
import { renderSavedPlan } from '../../report/saved-plan-text.js';
import { makePalette, wantsColour } from '../../report/terminal.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { FORMAT_OPTION, formatProblem, OUTPUT_OPTIONS, PLAN_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import { readSavedPlan } from '../saved-plan.js';
import { Session } from '../session.js';

export const show: CommandBody = defineCommand({
  usage: ['show [options] PLAN'],
  description: [
    'Prints a plan that `flac2all plan --out` saved, as `plan` did. It is read from the file alone: whether it can still be carried out, only `flac2all apply PLAN` finds out.',
  ],
  options: { full: PLAN_OPTIONS.full, ...FORMAT_OPTION, ...OUTPUT_OPTIONS },
  positionals: { name: 'PLAN', description: 'a plan saved by `plan --out`', min: 1, max: 1 },
  examples: [
    { command: 'flac2all show tonight.plan', what: 'what it would do' },
    { command: 'flac2all show --json tonight.plan', what: 'the same for programs' },
  ],
  async run({ values, positionals: [name = ''] }, context) {
    const session = await Session.begin(values, context);
    const wrong = formatProblem(values);
    if (wrong !== undefined) return session.fail(wrong);
    const saved = readSavedPlan(name, context.cwd);
    if (!saved.ok) return session.fail(saved.error);
    const coloured = !values['no-color'] && wantsColour(context.stdout, context.env);
    const text = renderSavedPlan(saved.value, {
      base: context.cwd,
      full: values.full,
      markdown: values.format === 'markdown',
      palette: makePalette(coloured),
    });
    session.emit({
      type: 'answer',
      kind: 'show',
      text,
      data: saved.value as unknown as JsonObject,
    });
    return Promise.resolve(session.end(EXIT.ok));
  },
});
