import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { withoutPrograms } from '../support/debian-packages.js';
import { Gate } from '../support/gate.js';
import { Library, madeIn } from '../support/library.js';
import { childrenOf, kill } from '../support/processes.js';
import { assertExit, linesOf, PROGRAM } from '../support/rig.js';
import { SshServer } from '../support/ssh-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const noSshd: string | false =
  process.getuid?.() === 0
    ? withoutPrograms(['sshd', 'ssh', 'ssh-keygen'], ['openssh-server', 'openssh-client'])
    : 'needs root to run sshd';

/** Two hosts, which are two daemons of this machine; the encoder stands behind a gate. */
async function twoHosts(
  context: TestContext,
  command: readonly [string, ...string[]] = [process.execPath, PROGRAM],
): Promise<{ readonly library: Library; readonly gate: Gate; readonly keys: string }> {
  const gate = await Gate.before(context, 'opusenc');
  const servers = [
    await SshServer.start(context, gate.env),
    await SshServer.start(context, gate.env),
  ] as const;
  const keys = temporaryFolder(context);
  const library = new Library(context, { XDG_CONFIG_HOME: keys });
  const known = servers.map(({ knownHosts }) => knownHosts).join(' ');
  const identities = servers.flatMap(({ identity }) => ['-i', identity]);
  library.manifest({
    outputs: [{ codec: 'opus', to: './out' }],
    cluster: {
      workers: 0,
      advertise: '127.0.0.1',
      providers: [
        {
          type: 'ssh',
          hosts: [servers[0].host, servers[1].host],
          slots: 1,
          min: 2,
          command: [...command],
          options: ['-F', 'none', '-o', `UserKnownHostsFile=${known}`, ...identities],
        },
      ],
    },
  });
  return { library, gate, keys };
}

test(
  'two hosts by ssh, one killed: everything is made, once',
  { skip: noSshd },
  async (context) => {
    const { library, gate } = await twoHosts(context);
    const names = Array.from({ length: 8 }, (_, index) => `${index}.flac`);
    for (const name of names) library.track(name);
    const run = library.start(['apply', '--yes', '--json']);
    await gate.arrival(run);
    await gate.arrival(run);
    const clients = childrenOf(run.pid);
    assert.equal(clients.length, 2, 'one ssh for each host, and no local worker');
    kill(clients[0] ?? 0, 'SIGKILL');
    gate.open(100);
    const applied = await run.finished;
    assertExit(applied, 0);
    assert.ok(linesOf(applied, 'task-requeued').length > 0);
    assert.deepEqual(
      madeIn(library, applied),
      names.map((name) => `out/${name.slice(0, -4)}opus`),
    );
    assertExit(await library.plan(), 0);
  },
);

test(
  'three pilots that die before they join are enough: the run says what they said',
  { skip: noSshd },
  async (context) => {
    const { library } = await twoHosts(context, [
      '/bin/sh',
      '-c',
      '[ "$1" = --version ] || { echo "flac2all: no such luck" >&2; exit 7; }',
      'sh',
    ]);
    library.track('a.flac');
    library.track('b.flac');
    const applied = await library.apply();
    assertExit(applied, 3);
    const notices = linesOf(applied, 'notice');
    const givenUp = notices.find(({ code }) => code === 'PROVIDER_GIVEN_UP');
    assert.match(
      givenUp?.text ?? '',
      /exit code 7.*before it joined, and said:\nflac2all: no such luck/s,
    );
    const failures = linesOf(applied, 'task-failed').map(({ code }) => code);
    assert.deepEqual(failures, ['WORKERS_LOST', 'WORKERS_LOST']);
  },
);

test(
  'workers submit by ssh: they work while the command runs',
  { skip: noSshd },
  async (context) => {
    const { library, gate } = await twoHosts(context);
    gate.open(100);
    const port = 20_000 + (process.pid % 10_000);
    const manifest = JSON.parse(library.read('flac2all.yaml')) as { cluster: { bind?: string } };
    manifest.cluster.bind = `tcp://*:${port}`;
    library.plant('flac2all.yaml', JSON.stringify(manifest));
    library.track('a.flac');
    const submitted = library.start(['workers', 'submit', '--provider', 'ssh', '-n', '2']);
    const applied = await library.apply();
    assertExit(applied, 0);
    assertExit(await submitted.finished, 0);
    assertExit(await library.plan(), 0);
  },
);
