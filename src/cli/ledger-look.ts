import type { Entry } from '../ledger/entry.js';
import { inspectLedger } from '../ledger/inspect.js';
import type { LedgerAnatomy } from '../ledger/inspect.js';
import { readLedger } from '../ledger/read.js';
import { nodeDisk } from '../lib/node-disk.js';
import { statSize } from '../lib/stat-key.js';
import type { Manifest } from '../manifest/manifest.js';
import { formatBytes, formatCount, formatCounted } from '../report/format.js';
import { escapeControls } from '../report/text.js';
import { rowSelector, sortedRows } from '../run/forget-rows.js';
import { folderOf } from '../run/manifest-folder.js';
import { EXIT } from './exit-code.js';
import type { ExitCode } from './exit-code.js';
import type { Session } from './session.js';

/** `ledger show`: what the ledger is made of. Exit 4 when something of it cannot be trusted. */
export async function showLedger(manifest: Manifest, session: Session): Promise<ExitCode> {
  const seen = await inspectLedger(manifest.stateDirectory, folderOf(manifest), nodeDisk);
  if (!seen.ok) return session.fail(seen.error);
  const anatomy = seen.value;
  const { view, ...parts } = anatomy;
  const isBad = parts.damaged.length + parts.unverified > 0;
  session.emit({
    type: 'answer',
    kind: 'ledger-show',
    text: anatomyText(anatomy),
    data: {
      ...parts,
      shards: parts.shards.map((shard) => ({ ...shard })),
      lineage: view.lineage ?? null,
      owner: view.owner ?? null,
      serial: view.serial,
      epoch: view.epoch,
      rows: view.entries.size,
      failures: view.failures.size,
      directories: view.directories.size,
    },
    isBad,
  });
  return session.end(isBad ? EXIT.attentionPending : EXIT.ok);
}

function anatomyText(anatomy: LedgerAnatomy): string {
  const { view, shards, journals, unfinished, unverified, damaged, setAside } = anatomy;
  const stored = shards.reduce((sum, { rows }) => sum + rows, 0);
  const lines: readonly (readonly [string, string])[] = [
    ['folder', anatomy.directory],
    ['manifest', view.owner ?? 'none yet'],
    ['lineage', view.lineage ?? 'none: there is no ledger yet'],
    ['serial', `${view.serial}, epoch ${view.epoch}`],
    [
      'rows',
      `${formatCount(view.entries.size)}, ${formatCounted(unverified, 'unverified', 'unverified')}`,
    ],
    ['failures', formatCount(view.failures.size)],
    ['folders', `${formatCount(view.directories.size)} made by flac2all`],
    ['shards', `${formatCount(shards.length)} with ${formatCounted(stored, 'row')}`],
    ['journals', journals.length === 0 ? 'none' : journals.join(', ')],
    ['unfinished', unfinished === 0 ? 'nothing' : formatCounted(unfinished, 'output')],
    ['damage', damaged.length === 0 ? 'none' : `${damaged.join(', ')}: flac2all ledger repair`],
    ...(setAside.length === 0 ? [] : [['set aside', setAside.join(', ')] as const]),
  ];
  return lines.map(([name, value]) => `${name.padEnd(12)}${escapeControls(value)}\n`).join('');
}

/** `ledger list`: a row a line, sorted by path; with patterns those that match. */
export async function listRows(
  manifest: Manifest,
  names: readonly string[],
  { session, cwd }: { readonly session: Session; readonly cwd: string },
): Promise<ExitCode> {
  const view = await readLedger(manifest.stateDirectory, folderOf(manifest), nodeDisk);
  if (!view.ok) return session.fail(view.error);
  const select = names.length === 0 ? () => true : rowSelector(manifest, names, cwd);
  for (const entry of sortedRows(view.value, select)) {
    session.emit({
      type: 'answer',
      kind: 'ledger-row',
      text: rowText(entry),
      data: {
        output: entry.path,
        set: entry.set,
        source: entry.source.path,
        codec: entry.recipe.audio.codec,
        encoder: entry.encoder,
        sizeBytes: statSize(entry.output.stat),
        sha256: entry.output.sha256,
        at: entry.made.at,
        unverified: entry.unverified === true,
      },
    });
  }
  return session.end(EXIT.ok);
}

function rowText({ path, set, output, made, unverified }: Entry): string {
  const mark = unverified === true ? '  unverified' : '';
  const when = made.at.slice(0, 16).replace('T', ' ');
  const size = formatBytes(statSize(output.stat)).padStart(8);
  return `${when}  ${size}  ${escapeControls(set)}  ${escapeControls(path)}${mark}\n`;
}
