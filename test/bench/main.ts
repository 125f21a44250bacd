/** Runs benchmarks: `npm run bench`, or `npm run bench -- plan scan` for some of them. */
import { dispatch } from './dispatch.js';
import { journal } from './journal.js';
import { ledger } from './ledger.js';
import { overhead } from './overhead.js';
import { plan } from './plan.js';
import { scale } from './scale.js';
import { retag } from './retag.js';
import { scan } from './scan.js';
import { startup } from './startup.js';
import { truth } from './truth.js';

const BENCHES = {
  startup,
  plan,
  overhead,
  retag,
  scan,
  ledger,
  journal,
  dispatch,
  scale,
  truth,
} as const;

const known = Object.keys(BENCHES) as (keyof typeof BENCHES)[];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.some((one) => one === name));
if (unknown.length > 0) {
  console.error(`no such benchmark: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exitCode = 64;
} else {
  for (const name of known) if (asked.length === 0 || asked.includes(name)) await BENCHES[name]();
}
