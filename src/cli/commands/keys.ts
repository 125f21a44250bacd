import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { readAllowList } from '../../cluster/allow-list.js';
import { addWorkerKey, ensureMasterKey, revokeWorkerKey } from '../../cluster/cluster-key.js';
import { clusterKeyFile, keyFolder } from '../../cluster/key-file.js';
import type { Failure } from '../../lib/failure.js';
import { err, ok } from '../../lib/result.js';
import type { Result } from '../../lib/result.js';
import type { CommandBody } from '../command.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-code.js';
import { Session } from '../session.js';

const SPEECH = { json: false, quiet: false, verbose: false, 'no-color': false };
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

export const keys: CommandBody = defineCommand({
  usage: ['keys', 'keys add NAME [--out FILE]', 'keys revoke NAME'],
  description: [
    'Workers of other machines join a master in cipher and by key only. Workers of the same user on the same home folder find the key by themselves; all others need one of their own, or a copy of the first.',
    'Without an action: shows where the key is, made at its first use, and whom it lets in. `add` makes a key for one machine: copy the file to ~/.config/flac2all/cluster.key there, or name it with `flac2all worker --key`. `revoke` shuts that one out; a worker that is connected stays until it leaves.',
  ],
  options: {
    out: {
      type: 'string',
      placeholder: 'FILE',
      description: 'where `add` writes the key; otherwise flac2all-NAME.key in the current folder',
    },
  },
  positionals: { name: 'ACTION', description: 'add NAME or revoke NAME', min: 0, max: 2 },
  examples: [
    { command: 'flac2all keys', what: 'where the key is, and who may join' },
    { command: 'flac2all keys add attic', what: 'a key for the machine in the attic' },
    { command: 'flac2all keys revoke attic', what: 'it may join no more' },
  ],
  async run({ values, positionals }, { cwd, env, stdout, ...context }) {
    const session = await Session.begin(SPEECH, { cwd, env, stdout, ...context });
    const folder = keyFolder(env, homedir());
    const [action, name] = positionals;
    const file = resolve(cwd, values.out ?? `flac2all-${name}.key`);
    const done = carryOut(folder, { action, name, file });
    if (!done.ok) return session.fail(done.error);
    stdout.write(`${done.value}\n`);
    return session.end(EXIT.ok);
  },
});

interface Request {
  readonly action: string | undefined;
  readonly name: string | undefined;
  readonly file: string;
}

/** Resolves to what is to be said. */
function carryOut(folder: string, { action, name, file }: Request): Result<string, Failure> {
  if (action === undefined) return show(folder);
  if (name === undefined || !NAME.test(name) || !['add', 'revoke'].includes(action)) {
    const message = `keys cannot "${[action, name].filter((word) => word !== undefined).join(' ')}"`;
    const hint = 'flac2all keys add NAME, flac2all keys revoke NAME';
    return err({ code: 'USAGE', message, hint });
  }
  if (action === 'revoke') {
    const revoked = revokeWorkerKey(folder, name);
    return revoked.ok ? ok(`${name} may join no more`) : revoked;
  }
  const added = addWorkerKey(folder, { name, file });
  if (!added.ok) return added;
  return ok(
    `${file}\nMove it to ~/.config/flac2all/cluster.key on ${name}; nobody else may read it.`,
  );
}

function show(folder: string): Result<string, Failure> {
  const master = ensureMasterKey(folder);
  if (!master.ok) return master;
  const listed = readAllowList(folder);
  if (!listed.ok) return listed;
  const made = master.value.isNew ? ' (made now)' : '';
  const others = listed.value.map((worker) => `  ${worker.name}`);
  const shown = others.length === 0 ? ['  nobody else: `flac2all keys add NAME`'] : others;
  return ok(
    [`${clusterKeyFile(folder)}${made}`, 'lets in whoever has it, and', ...shown].join('\n'),
  );
}
