/**
 * Reads a ledger in a process of its own: `read-ledger.js MODE STATE ROWS`.
 * - `load`: as plan does.
 * - `plan`: and plans for as many sources as it has rows of, all of them up to date, with all that a plan
 *   makes of what a walk finds.
 * - `walk`: what a walk finds, and nothing of a ledger.
 * - `parse`: its lines are parsed and forgotten.
 * - `none`: nothing; what it costs to come so far.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LedgerView } from '#src/ledger/entry.js';
import type { AbsolutePath } from '#src/lib/brand.js';
import { nodeDisk } from '#src/lib/node-disk.js';
import { readLedger } from '#src/ledger/read.js';
import type { DiskView } from '#src/plan/disk-fact.js';
import { makePlan } from '#src/plan/make-plan.js';
import { wantedOutputs } from '#src/plan/wanted.js';
import { knownSources } from '#src/run/observe.js';
import type { Manifest } from '#src/manifest/manifest.js';
import { identifySources } from '#src/sources/identify.js';
import type { ScannedFile } from '#src/sources/source.js';
import { manifestIn, OUTPUTS_PER_SOURCE, scannedFile } from './recorded-library.js';

const [mode = '', state = '', rows = ''] = process.argv.slice(2);

if (mode === 'load') await load();
if (mode === 'plan') await plan(await load());
if (mode === 'walk') walk(await manifestIn(dirname(state) as AbsolutePath));
if (mode === 'parse') {
  let count = 0;
  for (const name of readdirSync(join(state, 'shards'))) {
    for (const line of readFileSync(join(state, 'shards', name), 'utf8').split('\n')) {
      if (line === '') continue;
      JSON.parse(line.slice(line.indexOf(' ') + 1));
      count += 1;
    }
  }
  if (count === 0) throw new Error('the ledger is not there');
}

async function load(): Promise<LedgerView> {
  const folder = state as AbsolutePath;
  const view = await readLedger(folder, dirname(folder) as AbsolutePath, nodeDisk);
  if (!view.ok || view.value.entries.size === 0) throw new Error('the ledger is not there');
  return view.value;
}

async function plan(ledger: LedgerView): Promise<void> {
  const manifest = await manifestIn(dirname(state) as AbsolutePath);
  const { entries } = ledger;
  const known = knownSources(ledger);
  const facts = { files: await identifySources(walk(manifest), known), sidecars: [] };
  const desired = wantedOutputs(manifest, new Map([[manifest.sources[0]?.name ?? '', facts]]));
  const made = makePlan({
    manifest,
    desired,
    ledger,
    disk: asRecorded(ledger),
    unseen: () => false,
    sourceExists: () => true,
    linkInTheWay: () => undefined,
  });
  if (made.counts.noop !== entries.size || made.rows !== entries.size) {
    throw new Error(`not up to date: ${JSON.stringify(made.counts)}`);
  }
}

function walk(manifest: Manifest): readonly ScannedFile[] {
  const files: ScannedFile[] = [];
  const count = Number(rows) / OUTPUTS_PER_SOURCE;
  for (let index = 0; index < count; index += 1) files.push(scannedFile(manifest, index));
  return files;
}

function asRecorded({ entries }: LedgerView): DiskView {
  return {
    get(path) {
      const row = entries.glance(path);
      return row && { kind: 'file', stat: row.stat };
    },
    isAsRecorded: () => true,
  };
}
