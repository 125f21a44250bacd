import type { LedgerView } from '../ledger/entry.js';
import type { Failure } from '../lib/failure.js';
import { nodeDisk } from '../lib/node-disk.js';
import type { Result } from '../lib/result.js';
import type { Manifest } from '../manifest/manifest.js';
import { formatCount, formatCounted } from '../report/format.js';
import { shownPath } from '../report/plan-text.js';
import { escapeControls } from '../report/text.js';
import type { Proposal } from '../run/edit-ledger.js';
import { editLedger } from '../run/edit-ledger.js';
import { askYes, cannotAsk } from './ask.js';
import type { CommandContext } from './command.js';
import { EXIT } from './exit-code.js';
import type { ExitCode } from './exit-code.js';
import type { Session } from './session.js';

/** Rows shown to people of each kind; all are in the JSON. */
const ROWS_SHOWN = 20;

/** A command that changes rows and no file. */
export interface LedgerEdit {
  /** As it was typed: `flac2all ledger rm`. */
  readonly command: string;
  readonly propose: (view: LedgerView) => Promise<Result<Proposal, Failure>>;
  readonly question: string;
  /** What is said when there is nothing to do. */
  readonly nothing: string;
  /** Write all shards anew, too; then nobody is asked. */
  readonly rewrite?: boolean;
}

export interface EditWorld {
  readonly session: Session;
  readonly context: CommandContext;
  readonly manifest: Manifest;
  readonly values: { readonly yes: boolean; readonly json: boolean };
}

/** Shows what would change, asks, changes it. Exit 3 when some of it was refused. */
export async function runLedgerEdit(edit: LedgerEdit, world: EditWorld): Promise<ExitCode> {
  const { session, context, manifest, values } = world;
  const unasked = edit.rewrite === true || values.yes;
  const refusal = cannotAsk(edit.command, { ...values, yes: unasked }, context);
  if (refusal !== undefined) return session.fail(refusal);
  const edited = await editLedger(manifest, {
    disk: nodeDisk,
    clock: context.clock,
    emit: session.emit,
    command: edit.command,
    rewrite: edit.rewrite === true,
    propose: edit.propose,
    confirm: async (proposal) => {
      tell(edit, proposal, world);
      if (unasked || proposal.edits.length === 0) return true;
      return askYes(edit.question, context, context.signal);
    },
  });
  if (!edited.ok) return session.fail(edited.error);
  return session.end(edited.value.refused.length > 0 ? EXIT.someFailed : EXIT.ok);
}

function tell(edit: LedgerEdit, { edits, refused }: Proposal, world: EditWorld): void {
  const base = world.context.cwd;
  const line = (path: string, text: string): string =>
    `  ${shownPath(path, base)}: ${escapeControls(text)}`;
  const lines = [
    ...folded(edits.map(({ entry, text }) => line(entry.path, text))),
    ...(refused.length === 0 ? [] : [`Left alone: ${formatCounted(refused.length, 'row')}`]),
    ...folded(refused.map(({ output, text }) => line(output, text))),
    edits.length === 0 ? edit.nothing : `${formatCounted(edits.length, 'row')}.`,
  ];
  world.session.emit({
    type: 'answer',
    kind: edit.command.replace(/^flac2all /, '').replace(' ', '-'),
    text: `${lines.join('\n')}\n`,
    data: {
      rows: edits.map(({ entry, now, text }) => ({
        output: entry.path,
        now: now?.path ?? null,
        text,
      })),
      refused: refused.map((one) => ({ ...one })),
    },
    isBad: refused.length > 0,
  });
}

function folded(lines: readonly string[]): readonly string[] {
  const hidden = lines.length - ROWS_SHOWN;
  if (hidden <= 0) return lines;
  return [...lines.slice(0, ROWS_SHOWN), `  … and ${formatCount(hidden)} more`];
}
