/**
 * Reads a ledger in a process of its own: `read-ledger.js MODE STATE`.
 * - `load`: as plan does.
 * - `parse`: its lines are parsed and forgotten.
 * - `none`: nothing; what it costs to come so far.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AbsolutePath } from '#src/lib/brand.js';
import { nodeDisk } from '#src/lib/node-disk.js';
import { readLedger } from '#src/ledger/read.js';

const [mode = '', state = ''] = process.argv.slice(2);

if (mode === 'load') {
  const folder = state as AbsolutePath;
  const view = await readLedger(folder, dirname(folder) as AbsolutePath, nodeDisk);
  if (!view.ok || view.value.entries.size === 0) throw new Error('the ledger is not there');
}
if (mode === 'parse') {
  let rows = 0;
  for (const name of readdirSync(join(state, 'shards'))) {
    for (const line of readFileSync(join(state, 'shards', name), 'utf8').split('\n')) {
      if (line === '') continue;
      JSON.parse(line.slice(line.indexOf(' ') + 1));
      rows += 1;
    }
  }
  if (rows === 0) throw new Error('the ledger is not there');
}
