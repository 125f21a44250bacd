import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import { isCaseSensitive } from '../cluster/case-sensitivity.js';
import type { FleetRules } from '../cluster/admission.js';
import type { RunRoot } from '../cluster/contract.js';
import type { RootQuestion } from '../cluster/message.gen.js';
import type { Ledger } from '../ledger/ledger.js';
import type { AbsolutePath } from '../lib/brand.js';
import type { Disk } from '../lib/disk.js';
import { errorCode } from '../lib/failure.js';
import { isWithin } from '../lib/path-within.js';
import type { Manifest } from '../manifest/manifest.js';
import { partPath } from '../task/part-name.js';
import type { Task } from '../task/task.js';
import { sourceStat } from './source-stat.js';

/** The folders of a manifest, as agents are asked about them. */
export function rootsOf({ sources, outputs }: Manifest): readonly RunRoot[] {
  return [
    ...sources.map(({ name, root }) => ({ name, path: root, use: 'source' as const })),
    ...outputs.map(({ name, root }) => ({ name, path: root, use: 'output' as const })),
  ];
}

/** What the questions are about, and what a look leaves traces of. */
export interface QuestionContext {
  readonly roots: readonly RunRoot[];
  readonly tasks: readonly Task[];
  readonly ledger: Ledger;
  readonly disk: Disk;
}

/** The roots that the tasks are about, each folder once a use. */
export function usedRoots({
  roots,
  tasks,
}: Pick<QuestionContext, 'roots' | 'tasks'>): readonly RunRoot[] {
  const seen = new Set<string>();
  return roots.filter((root) => {
    const key = `${root.use} ${root.path}`;
    if (seen.has(key) || !tasks.some((task) => isWithin(pathOf(task, root), root.path)))
      return false;
    seen.add(key);
    return true;
  });
}

function pathOf({ source, output }: Task, { use }: RunRoot): AbsolutePath {
  return use === 'source' ? source.path : output;
}

/**
 * Makes the questions that show an agent's view of the storage. Of a source folder a file is named; in
 * an output folder a fresh one is written, which the ledger knows as a part file, so that it goes
 * whatever happens. A folder that the master itself cannot use is not asked about.
 */
export function storageQuestions(context: QuestionContext): FleetRules['askStorage'] {
  const roots = usedRoots(context);
  return async () => {
    const id = randomBytes(16).toString('hex');
    const asked = await Promise.all(
      roots.map((root) =>
        root.use === 'source' ? aboutSource(root, context) : aboutOutput(root, { ...context, id }),
      ),
    );
    return {
      questions: asked.flatMap(({ question }) => question ?? []),
      end: async () => {
        for (const { end } of asked) await end();
      },
    };
  };
}

interface Asked {
  readonly question: RootQuestion | undefined;
  readonly end: () => Promise<void>;
}

const NOTHING = (): Promise<void> => Promise.resolve();

async function aboutSource(root: RunRoot, { tasks }: QuestionContext): Promise<Asked> {
  for (const { source } of tasks) {
    if (!isWithin(source.path, root.path)) continue;
    const stat = sourceStat(source.path);
    if (stat === undefined) continue;
    const witness = { path: source.path, stat };
    return { question: { ...root, witness, ...(await regard(source.path)) }, end: NOTHING };
  }
  return { question: undefined, end: NOTHING };
}

async function aboutOutput(
  root: RunRoot,
  { ledger, disk, id }: QuestionContext & { readonly id: string },
): Promise<Asked> {
  const lineage = ledger.view.lineage ?? '';
  // No output has such a name: only part files are made of it.
  const output = join(root.path, `flac2all-probe-${id}`) as AbsolutePath;
  const path = partPath(output, 'nonce', lineage);
  const scratch = partPath(output, 'scratch', lineage);
  try {
    await ledger.leased(output, path);
    await ledger.leased(output, scratch);
    await disk.writeNew(path, [id]);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    await ledger.released(output);
    return { question: undefined, end: NOTHING };
  }
  const witness = { path, nonce: id, scratch: basename(scratch) };
  return {
    question: { ...root, witness, ...(await regard(path)) },
    end: () => forget(output, { ledger, disk, parts: [path, scratch] }),
  };
}

/** What cannot be removed now is removed by the ledger. */
async function forget(
  output: AbsolutePath,
  {
    ledger,
    disk,
    parts,
  }: Pick<QuestionContext, 'ledger' | 'disk'> & {
    readonly parts: readonly AbsolutePath[];
  },
): Promise<void> {
  try {
    for (const part of parts) await disk.remove(part);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return;
  }
  await ledger.released(output);
}

async function regard(file: string): Promise<Pick<RootQuestion, 'caseSensitive'>> {
  const caseSensitive = await isCaseSensitive(file);
  return caseSensitive === undefined ? {} : { caseSensitive };
}
