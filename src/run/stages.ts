import type { Failure } from '../lib/failure.js';
import type { Result } from '../lib/result.js';
import type { RunRoot } from '../cluster/contract.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Manifest } from '../manifest/manifest.js';
import type { Change } from '../plan/action.js';
import type { DiskFact, DiskView } from '../plan/disk-fact.js';
import { MISSING } from '../plan/disk-fact.js';
import type { RunEvent } from '../report/event.js';
import { keepBooks } from './bookkeeping.js';
import type { CommitContext } from './commit.js';
import { removeEmptyFolders } from './empty-folders.js';
import { encodeOutputs } from './encode-stage.js';
import type { HandOut } from './encode-stage.js';
import { moveOutputs } from './move-outputs.js';
import { pruneOutputs } from './prune.js';
import type { Tally } from './tally.js';
import type { Trash } from './trash.js';
import { waitForYoung } from './young-sources.js';

/** What every stage of a run works with. */
export interface Stages {
  readonly context: CommitContext;
  readonly tally: Tally;
  readonly emit: (event: RunEvent) => void;
  readonly handOut: HandOut;
  /** The folders of the manifest. */
  readonly roots: readonly RunRoot[];
  readonly drain: AbortSignal;
  /** What the plan saw at the outputs' paths; nothing else that stands there is touched. */
  readonly seen: DiskView;
  readonly manifest: Manifest;
  /** Where pruned outputs go; `undefined`: they are deleted. */
  readonly trash: Trash | undefined;
}

/** The stages in their order; deletes come last, and only when all else succeeded. Returns the number of tasks. */
export async function carryOut(
  changes: readonly Change[],
  stages: Stages,
): Promise<Result<number, Failure>> {
  const { context, seen } = stages;
  await keepBooks(changes, seen, context);
  const { left, moved, unmoved } = await moveOutputs(changes, stages);
  const { minAgeMs } = stages.manifest.policy;
  await waitForYoung(left, { ...stages, minAgeMs, clock: context.clock });
  const expected = (output: AbsolutePath): DiskFact =>
    moved.get(output) ?? seen.get(output) ?? MISSING;
  const encoded = await encodeOutputs(left, { ...stages, expected });
  if (!encoded.ok) return encoded;
  const wanted = new Set(changes.map(({ output }) => output));
  const leftover = unmoved.filter(({ output }) => !wanted.has(output));
  await deleteOutputs([...changes, ...leftover], stages);
  await removeEmptyFolders(context);
  return encoded;
}

async function deleteOutputs(
  changes: readonly Change[],
  { context, tally, emit, drain, manifest, trash }: Stages,
): Promise<void> {
  const deletes = changes.filter(({ action }) => action === 'delete');
  if (deletes.length === 0) return;
  if (tally.failures > 0 || drain.aborted) {
    const text = `${deletes.length} outputs to delete are kept: deletes come after everything else succeeded`;
    emit({ type: 'notice', level: 'info', code: 'DELETES_POSTPONED', text });
    return;
  }
  const gone = await pruneOutputs(deletes, context, { emit, drain, manifest, trash });
  if (trash === undefined) tally.deleted = gone;
  else tally.trashed = gone;
}
