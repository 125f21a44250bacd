import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorMessage } from '../../lib/failure.js';
import { nodeDisk } from '../../lib/node-disk.js';
import type { PlanFileOptions } from '../../plan/plan-file.gen.js';
import { toPlanFile } from '../../plan/plan-file.js';
import { countWaiting, hasWork } from '../../report/plan-summary.js';
import type { Planned } from '../../run/plan.js';
import { planManifest } from '../../run/plan.js';
import type { CommandBody, OptionValues } from '../command.js';
import { defineCommand } from '../command.js';
import {
  FORMAT_OPTION,
  formatProblem,
  MANIFEST_OPTIONS,
  OUTPUT_OPTIONS,
  PLAN_OPTIONS,
} from '../common-options.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { openManifest, Session } from '../session.js';

export const plan: CommandBody = defineCommand({
  usage: ['plan [options]'],
  description: [
    'Compares the manifest with the ledger and the disk. Long groups are told by their folders, with the time that all of it may take by what earlier runs took. Takes no lock and writes nothing; with --out it saves the plan, which `flac2all apply FILE` carries out once, if nothing has moved until then.',
  ],
  options: {
    ...MANIFEST_OPTIONS,
    ...PLAN_OPTIONS,
    ...FORMAT_OPTION,
    out: { type: 'string', placeholder: 'FILE', description: 'save the plan' },
    'detailed-exitcode': {
      type: 'boolean',
      description:
        'exit 2 when changes are pending, 4 when only something for a person is: drift, conflicts, failed or unreadable sources',
    },
    ...OUTPUT_OPTIONS,
  },
  examples: [
    { command: 'flac2all plan', what: 'what has to be done' },
    { command: "flac2all plan --target 'Miles Davis/**' --full", what: 'one artist, every row' },
    { command: 'flac2all plan --out tonight.plan', what: 'save it for `apply tonight.plan`' },
    { command: 'flac2all plan --format markdown', what: 'for a comment on a pull request' },
  ],
  async run({ values }, context) {
    const session = new Session(values, context);
    const wrong = formatProblem(values);
    if (wrong !== undefined) return session.fail(wrong);
    const manifest = await openManifest(values, context);
    if (!manifest.ok) return session.fail(...manifest.error);
    const planned = await planManifest(manifest.value, {
      disk: nodeDisk,
      emit: session.emit,
      signal: context.signal,
      ...planOptions(values),
    });
    if (!planned.ok) return session.fail(planned.error);
    const { plan: made, guard } = planned.value;
    session.emit({ type: 'plan', changes: made.changes, counts: made.counts });
    if (values.out !== undefined) {
      const facts = {
        createdAt: new Date(context.clock.now()).toISOString(),
        manifest: manifest.value.file,
        options: savedOptions(values),
      };
      const file = resolve(context.cwd, values.out);
      try {
        writeFileSync(file, `${JSON.stringify(toPlanFile(made, facts), undefined, 1)}\n`);
      } catch (error) {
        const message = `cannot write the plan to ${file}: ${errorMessage(error)}`;
        return session.fail({ code: 'FILE_UNWRITABLE', message });
      }
    }
    if (guard !== undefined) return session.fail(guard);
    return session.end(values['detailed-exitcode'] ? detailedExit(planned.value) : EXIT.ok);
  },
});

type PlanValues = OptionValues<typeof PLAN_OPTIONS>;

/** The plan's options as the library takes them. */
export function planOptions(values: PlanValues): {
  readonly targets: readonly string[];
  readonly retryFailed: boolean;
  readonly overwriteUnmanaged: boolean;
} {
  return {
    targets: values.target,
    retryFailed: values['retry-failed'],
    overwriteUnmanaged: values['overwrite-unmanaged'],
  };
}

function savedOptions(values: PlanValues): PlanFileOptions {
  const { targets, ...flags } = planOptions(values);
  const limit = values['max-delete'];
  return { targets: [...targets], ...flags, ...(limit === undefined ? {} : { maxDelete: limit }) };
}

function detailedExit({ plan: { counts }, observation }: Planned): ExitCode {
  if (hasWork(counts)) return EXIT.changesPending;
  return countWaiting(counts) + observation.problems > 0 ? EXIT.attentionPending : EXIT.ok;
}
