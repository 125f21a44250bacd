import { resolve } from 'node:path';
import { backupLedger } from '../../ledger/backup.js';
import { exportLedger, sha256Sums } from '../../ledger/export.js';
import { readLedger } from '../../ledger/read.js';
import type { AbsolutePath } from '../../lib/brand.js';
import { nodeDisk } from '../../lib/node-disk.js';
import { ok } from '../../lib/result.js';
import type { Manifest } from '../../manifest/manifest.js';
import { formatBytes } from '../../report/format.js';
import { escapeControls } from '../../report/text.js';
import { proposeFollow } from '../../run/follow-rows.js';
import { proposeForget, rowSelector } from '../../run/forget-rows.js';
import { folderOf } from '../../run/manifest-folder.js';
import { proposeRepair } from '../../run/repair-rows.js';
import type { Arguments, CommandBody, CommandContext } from '../command.js';
import { defineCommand } from '../command.js';
import { MANIFEST_OPTIONS, OUTPUT_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import type { UsageFailure } from '../failure.js';
import { runLedgerEdit } from '../ledger-edit.js';
import { listRows, showLedger } from '../ledger-look.js';
import { openManifest, Session } from '../session.js';
import { writeAll } from '../write-all.js';

const OPTIONS = {
  ...MANIFEST_OPTIONS,
  sha256sums: { type: 'boolean', description: 'export: lines that `sha256sum -c` reads' },
  yes: { type: 'boolean', short: 'y', description: 'rm, mv: do not ask' },
  ...OUTPUT_OPTIONS,
} as const;

export const ledger: CommandBody = defineCommand({
  usage: [
    'ledger show|export|repair [options]',
    'ledger list [options] [PATTERN...]',
    'ledger rm [options] PATTERN...',
    'ledger mv [options] OLD NEW',
    'ledger backup [options] FILE',
  ],
  description: [
    'show tells what the ledger is made of, and whether any of it is damaged; list prints its rows, one a line; export prints it as one sorted JSON document that compares well in git, or as a list of checksums. None of these takes the lock or writes.',
    'rm forgets rows and leaves the files: they are nobody’s then, and in the way of a new output. mv lets rows follow outputs that were moved by hand, when their checksums say that they are the same files. Both ask first.',
    'backup writes one consistent copy, a tar archive, also while a run is at work. To restore: remove the folder .flac2all beside the manifest and unpack the archive in its place with `tar -xf FILE`. Outputs made since then are in the way of new ones until they are removed.',
    'repair sets damaged files aside, trusts rows again whose files still have the recorded checksums, and writes a whole ledger.',
  ],
  options: OPTIONS,
  positionals: {
    name: 'ACTION',
    description: 'show, list, export, rm, mv, backup or repair, and what it is for',
    min: 1,
    max: Infinity,
  },
  examples: [
    { command: 'flac2all ledger export > ledger-export.json', what: 'a document for git' },
    { command: 'flac2all ledger export --sha256sums | sha256sum -c', what: 'check all outputs' },
    { command: "flac2all ledger list 'Miles Davis/**'", what: 'the rows of one artist' },
    { command: 'flac2all ledger mv Lossy/phone /media/phone', what: 'after that folder was moved' },
    { command: 'flac2all ledger backup "ledger-$(date +%F).tar"', what: 'one consistent copy' },
  ],
  async run(args, context) {
    const session = await Session.begin(args.values, context);
    const wrong = misuse(args);
    if (wrong !== undefined) return session.fail(wrong);
    const manifest = await openManifest(args.values, context);
    if (!manifest.ok) return session.fail(...manifest.error);
    return act(args, { session, context, manifest: manifest.value, values: args.values });
  },
});

interface Form {
  /** How many names it takes, least and most. */
  readonly names: readonly [number, number];
  readonly what: string;
  /** The options that it alone understands. */
  readonly own?: 'sha256sums' | 'yes';
  /** It prints a document of its own. */
  readonly isDocument?: true;
}

const FORMS = {
  show: { names: [0, 0], what: 'nothing more' },
  list: { names: [0, Infinity], what: 'patterns' },
  export: { names: [0, 0], what: 'nothing more', own: 'sha256sums', isDocument: true },
  rm: { names: [1, Infinity], what: 'paths or patterns of rows', own: 'yes' },
  mv: { names: [2, 2], what: 'the old and the new path', own: 'yes' },
  backup: { names: [1, 1], what: 'the file to write' },
  repair: { names: [0, 0], what: 'nothing more' },
} as const satisfies Record<string, Form>;

type ActionName = keyof typeof FORMS;

function misuse({ values, positionals }: Arguments<typeof OPTIONS>): UsageFailure | undefined {
  const [action = '', ...names] = positionals;
  const hint = 'flac2all ledger --help tells more';
  const wrong = (message: string): UsageFailure => ({ code: 'USAGE', message, hint });
  if (!Object.hasOwn(FORMS, action)) return wrong(`ledger cannot "${action}"`);
  const form: Form = FORMS[action as ActionName];
  const [least, most] = form.names;
  if (names.length < least || names.length > most) {
    return wrong(`ledger ${action} takes ${form.what}`);
  }
  for (const option of ['sha256sums', 'yes'] as const) {
    if (values[option] && form.own !== option) {
      return wrong(`ledger ${action} has no option --${option}`);
    }
  }
  if (values.json && form.isDocument) return wrong(`ledger ${action} prints JSON without --json`);
  return undefined;
}

interface World {
  readonly session: Session;
  readonly context: CommandContext;
  readonly manifest: Manifest;
  readonly values: Arguments<typeof OPTIONS>['values'];
}

function act({ positionals }: Arguments<typeof OPTIONS>, world: World): Promise<ExitCode> {
  const { session, context, manifest } = world;
  const [action, ...names] = positionals;
  const [first = '', second = ''] = names.map((name) => resolve(context.cwd, name) as AbsolutePath);
  switch (action as ActionName) {
    case 'show':
      return showLedger(manifest, session);
    case 'list':
      return listRows(manifest, names, { session, cwd: context.cwd });
    case 'export':
      return exportAs(world);
    case 'backup':
      return backup(first as AbsolutePath, world);
    case 'rm': {
      const select = rowSelector(manifest, names, context.cwd);
      const edit = {
        command: 'flac2all ledger rm',
        propose: (view: Parameters<typeof proposeForget>[0]) =>
          Promise.resolve(proposeForget(view, select)),
        question: 'Forget these rows?',
        nothing: 'Nothing to forget.',
      };
      return runLedgerEdit(edit, world);
    }
    case 'mv': {
      const moved = { from: first as AbsolutePath, to: second as AbsolutePath };
      const edit = {
        command: 'flac2all ledger mv',
        propose: (view: Parameters<typeof proposeFollow>[0]) =>
          proposeFollow(view, moved, nodeDisk),
        question: 'Let these rows follow their files?',
        nothing: 'No row follows.',
      };
      return runLedgerEdit(edit, world);
    }
    case 'repair': {
      const edit = {
        command: 'flac2all ledger repair',
        propose: async (view: Parameters<typeof proposeRepair>[0]) =>
          ok(await proposeRepair(view, nodeDisk)),
        question: '',
        nothing: 'No row had to be verified; the ledger was written anew.',
        rewrite: true,
      };
      return runLedgerEdit(edit, world);
    }
    default:
      throw new Error('an unknown action was refused before');
  }
}

async function exportAs({ session, context, manifest, values }: World): Promise<ExitCode> {
  const view = await readLedger(manifest.stateDirectory, folderOf(manifest), nodeDisk);
  if (!view.ok) return session.fail(view.error);
  const pieces = values.sha256sums ? sha256Sums(view.value) : exportLedger(view.value);
  await writeAll(pieces, context.stdout);
  return session.end(EXIT.ok);
}

async function backup(
  file: AbsolutePath,
  { session, context, manifest }: World,
): Promise<ExitCode> {
  const { stateDirectory: directory } = manifest;
  const written = await backupLedger({ directory, file, disk: nodeDisk, clock: context.clock });
  if (!written.ok) return session.fail(written.error);
  const { bytes, serial } = written.value;
  session.emit({
    type: 'answer',
    kind: 'ledger-backup',
    text: `Wrote ${escapeControls(file)}, ${formatBytes(bytes)}: the ledger with serial ${serial}.\n`,
    data: { file, bytes, serial },
  });
  return session.end(EXIT.ok);
}
