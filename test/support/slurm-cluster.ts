import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { freePort } from './free-port.js';
import { endOf, kill } from './processes.js';
import { until } from './until.js';

const CLIENT_SECONDS = 20;

/** A real Slurm on this machine: munged, a controller and two nodes, all in one folder. */
export class SlurmCluster {
  readonly folder: string;
  /** For every program that talks to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly #daemons = new Map<string, ChildProcess>();

  private constructor(folder: string) {
    this.folder = folder;
    this.env = { SLURM_CONF: join(folder, 'slurm.conf') };
  }

  /** Ready for jobs when this resolves; everything of it is gone at the end of the test. */
  static async start(test: TestContext): Promise<SlurmCluster> {
    const cluster = new SlurmCluster(mkdtempSync(join(tmpdir(), 'flac2all-slurm-')));
    test.after(() => cluster.#stop());
    await cluster.#configure();
    await cluster.#startMunge();
    cluster.#start('slurmctld', '-D', '-i');
    cluster.startNode('n1');
    cluster.startNode('n2');
    await until('two idle nodes', () => {
      const told = cluster.ask('sinfo', '--noheader', '--Node', '--format=%T');
      return told.split('\n').filter((state) => state === 'idle').length === 2;
    });
    return cluster;
  }

  /** Runs a client of Slurm; what it printed. */
  ask(program: string, ...args: readonly string[]): string {
    const done = spawnSync('timeout', [`${CLIENT_SECONDS}`, program, ...args], {
      encoding: 'utf8',
      env: { ...process.env, ...this.env },
    });
    return done.stdout.trim();
  }

  /** `id|state|node` of every task of every job that has not ended. */
  queue(): readonly { readonly id: string; readonly state: string; readonly node: string }[] {
    return this.ask('squeue', '--noheader', '--array', '--format=%i|%T|%N')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [id = '', state = '', node = ''] = line.split('|');
        return { id, state, node };
      });
  }

  startNode(name: string): void {
    this.#start('slurmd', '-D', '-N', name);
  }

  /** SIGKILL to the node's daemon and to all that it started. */
  async killNode(name: string): Promise<void> {
    const pids = [...this.#pidsOn(name), this.#daemons.get(`slurmd ${name}`)?.pid ?? 0];
    for (const pid of pids) kill(pid, 'SIGKILL');
    await endOf(pids, 10_000);
  }

  /** Processes of jobs on a node, by the environment that Slurm gives them. */
  #pidsOn(node: string): readonly number[] {
    return readdirSync('/proc').flatMap((pid) => {
      const env = /^\d+$/.test(pid) ? readEnvironment(pid) : [];
      const ours = env.includes(`SLURM_CONF=${this.env['SLURM_CONF']}`);
      return ours && env.includes(`SLURMD_NODENAME=${node}`) ? [Number(pid)] : [];
    });
  }

  async #configure(): Promise<void> {
    const [controller, n1, n2] = await Promise.all([freePort(), freePort(), freePort()]);
    for (const name of ['state', 'n1', 'n2', 'munge']) {
      mkdirSync(join(this.folder, name), { mode: 0o755 });
    }
    writeFileSync(join(this.folder, 'munge/key'), randomBytes(1024), { mode: 0o600 });
    const node = (name: string, port: number): string =>
      `NodeName=${name} NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${port} CPUs=2 RealMemory=500 State=UNKNOWN`;
    const lines = [
      'ClusterName=test',
      `SlurmctldHost=${hostname()}(127.0.0.1)`,
      'SlurmUser=root',
      'SlurmdUser=root',
      'AuthType=auth/munge',
      `AuthInfo=socket=${join(this.folder, 'munge/socket')}`,
      'CredType=cred/munge',
      `SlurmctldPort=${controller}`,
      `StateSaveLocation=${join(this.folder, 'state')}`,
      `SlurmdSpoolDir=${this.folder}/%n/spool`,
      `SlurmctldPidFile=${join(this.folder, 'slurmctld.pid')}`,
      `SlurmdPidFile=${this.folder}/%n/slurmd.pid`,
      'ProctrackType=proctrack/linuxproc',
      'TaskPlugin=task/none',
      'JobAcctGatherType=jobacct_gather/none',
      'AccountingStorageType=accounting_storage/none',
      'SelectType=select/cons_tres',
      'SelectTypeParameters=CR_CPU',
      'SchedulerParameters=batch_sched_delay=0,sched_min_interval=100000,sched_interval=1',
      'SwitchType=switch/none',
      'MpiDefault=none',
      'ReturnToService=2',
      'SlurmdTimeout=10',
      'KillWait=5',
      'MinJobAge=30',
      node('n1', n1),
      node('n2', n2),
      'PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP',
    ];
    writeFileSync(join(this.folder, 'slurm.conf'), `${lines.join('\n')}\n`);
    writeFileSync(join(this.folder, 'cgroup.conf'), 'CgroupAutomount=no\n');
  }

  async #startMunge(): Promise<void> {
    const folder = join(this.folder, 'munge');
    const file = (name: string): string => join(folder, name);
    this.#start(
      'munged',
      '--foreground',
      '--force',
      ...[`--key-file=${file('key')}`, `--socket=${file('socket')}`, `--pid-file=${file('pid')}`],
      ...[`--log-file=${file('log')}`, `--seed-file=${file('seed')}`],
    );
    await until('munged', () => readdirSync(folder).includes('socket'));
  }

  #start(program: string, ...args: readonly string[]): void {
    const env = { ...process.env, ...this.env, PATH: `${process.env['PATH']}:/usr/sbin` };
    const daemon = spawn(program, args, { env, stdio: 'ignore', detached: true });
    this.#daemons.set(program === 'slurmd' ? `slurmd ${args.at(-1)}` : program, daemon);
  }

  async #stop(): Promise<void> {
    this.ask('scancel', '--user=root', '--signal=KILL', '--full');
    const pids = [...this.#daemons.values()].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    for (const pid of [...this.#pidsOn('n1'), ...this.#pidsOn('n2'), ...pids]) kill(pid, 'SIGKILL');
    await endOf(pids, 10_000);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function readEnvironment(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
