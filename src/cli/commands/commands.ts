import type { Command } from '../command.js';
import { apply } from './apply.js';
import { doctor } from './doctor.js';
import { explain } from './explain.js';
import { init } from './init.js';
import { ledger } from './ledger.js';
import { plan } from './plan.js';
import { status } from './status.js';
import { validate } from './validate.js';
import { verify } from './verify.js';
import { worker } from './worker.js';

/**
 * All commands, in the order of `flac2all --help`. A command's file holds what parsing and help need;
 * what it does is imported when it runs, so that no command loads the code of all others.
 */
export const COMMANDS: readonly Command[] = [
  init,
  validate,
  plan,
  apply,
  status,
  explain,
  verify,
  ledger,
  doctor,
  worker,
];
