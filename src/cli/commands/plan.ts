import { nodeDisk } from '../../lib/node-disk.js';
import { countWaiting, hasWork } from '../../report/plan-summary.js';
import type { Planned } from '../../run/plan.js';
import { missingProgramTexts } from '../../run/plan-programs.js';
import { planManifest } from '../../run/plan.js';
import type { CommandBody } from '../command.js';
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
import { planOptions, savePlan, shardsProblem } from '../save-plan.js';
import { openManifest, Session } from '../session.js';

export const plan: CommandBody = defineCommand({
  usage: ['plan [options]'],
  description: [
    'Compares the manifest with the ledger and the disk. Long groups are told by their folders, with the time that all of it may take by what earlier runs took. Takes no lock and writes nothing; with --out it saves the plan, which `flac2all apply FILE` carries out once, if nothing has moved until then.',
    'With --shards the outputs to make are divided into N shards of about the same length, in FILE.shards beside the plan. `flac2all run-shard FILE I` makes those of one shard, on any machine that sees the same paths, without a master; `flac2all collect FILE` puts into place what all of them made. Moves, deletes and rows of the ledger are in no shard: an `apply` after that does them.',
  ],
  options: {
    ...MANIFEST_OPTIONS,
    ...PLAN_OPTIONS,
    ...FORMAT_OPTION,
    out: { type: 'string', placeholder: 'FILE', description: 'save the plan' },
    shards: {
      type: 'integer',
      placeholder: 'N',
      min: 1,
      max: 10_000,
      description: 'with --out: divide the outputs to make, for `run-shard` and `collect`',
    },
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
    { command: 'flac2all plan --out P --shards 8', what: 'for an array of eight batch jobs' },
    { command: 'flac2all plan --format markdown', what: 'for a comment on a pull request' },
  ],
  async run({ values }, context) {
    const session = await Session.begin(values, context);
    const wrong = formatProblem(values) ?? shardsProblem(values);
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
    const path = context.env['PATH'];
    for (const text of await missingProgramTexts(made.changes, manifest.value, path)) {
      session.emit({ type: 'notice', level: 'warning', code: 'PROGRAM_MISSING', text });
    }
    if (values.shards !== undefined && guard !== undefined) return session.fail(guard);
    const failed = await savePlan(planned.value, values, {
      session,
      context,
      manifest: manifest.value,
    });
    if (failed !== undefined) return session.fail(failed);
    if (guard !== undefined) return session.fail(guard);
    return session.end(values['detailed-exitcode'] ? detailedExit(planned.value) : EXIT.ok);
  },
});

function detailedExit({ plan: { counts }, observation }: Planned): ExitCode {
  if (hasWork(counts)) return EXIT.changesPending;
  return countWaiting(counts) + observation.problems > 0 ? EXIT.attentionPending : EXIT.ok;
}
