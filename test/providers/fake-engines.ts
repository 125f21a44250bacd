import type {
  Channel,
  ChannelCommand,
  ChannelEnd,
  CommandEnd,
  CommandRunner,
  EngineCommand,
} from '#src/providers/command-runner.js';

type Phase = 'pending' | 'running' | 'ended';

interface FakePilot {
  readonly group: string;
  readonly run: string;
  phase: Phase;
  stderr: string;
}

/** An engine as its own programs show it: keeps pilots, and answers on their command lines. */
export abstract class FakeEngine implements CommandRunner {
  /** Every call, as the machine's list of processes would show it, and what was on standard input. */
  readonly calls: { readonly words: readonly string[]; readonly input: string }[] = [];
  readonly pilots = new Map<string, FakePilot>();
  /** Set: the engine's programs are not there, or refuse with this text. */
  broken: { readonly trouble: 'missing' | 'late' } | { readonly says: string } | undefined;

  run({ program, args, input = '' }: EngineCommand): Promise<CommandEnd> {
    this.calls.push({ words: [program, ...args], input });
    const { broken } = this;
    if (broken !== undefined && 'trouble' in broken) {
      return Promise.resolve({ code: undefined, stdout: '', stderr: '', ...broken });
    }
    if (broken !== undefined) return Promise.resolve(fail(broken.says));
    return Promise.resolve(this.answer(program, args, input));
  }

  open(_command: ChannelCommand): Channel {
    throw new Error('this engine has no channels');
  }

  /** Lets everything that waits begin. */
  startAll(): void {
    for (const pilot of this.pilots.values())
      if (pilot.phase === 'pending') pilot.phase = 'running';
  }

  die(id: string, stderr: string): void {
    Object.assign(this.known(id), { phase: 'ended', stderr });
  }

  phases(): readonly Phase[] {
    return [...this.pilots.values()].map(({ phase }) => phase);
  }

  protected abstract answer(program: string, args: readonly string[], input: string): CommandEnd;

  protected known(id: string): FakePilot {
    const pilot = this.pilots.get(id);
    if (pilot === undefined) throw new Error(`no pilot ${id}`);
    return pilot;
  }

  protected add(id: string, group: string, run: string): void {
    this.pilots.set(id, { group, run, phase: 'pending', stderr: '' });
  }

  protected end(isMeant: (id: string, pilot: FakePilot) => boolean): void {
    for (const [id, pilot] of this.pilots) if (isMeant(id, pilot)) pilot.phase = 'ended';
  }
}

const ok = (stdout = ''): CommandEnd => ({ code: 0, stdout, stderr: '' });
const fail = (stderr: string): CommandEnd => ({ code: 1, stdout: '', stderr });

function valueOf(args: readonly string[], name: string): string | undefined {
  return args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** `sbatch`, `squeue`, `scancel`, `scontrol ping`. */
export class FakeSlurm extends FakeEngine {
  #jobs = 40;

  protected answer(program: string, args: readonly string[], input: string): CommandEnd {
    switch (program) {
      case 'sbatch':
        return args.includes('--parsable') ? this.#submit(input) : ok('slurm-wlm 22.05\n');
      case 'squeue':
        return ok(this.#queue(valueOf(args, '--name')));
      case 'scancel':
        return this.#cancel(args);
      default:
        return ok('Slurmctld(primary) at here is UP\n');
    }
  }

  #submit(script: string): CommandEnd {
    const [, last] = /^#SBATCH --array=0-(\d+)$/m.exec(script) ?? [];
    const [, name] = /^#SBATCH --job-name=(\S+)$/m.exec(script) ?? [];
    if (!script.startsWith('#!') || last === undefined || name === undefined) {
      return fail('sbatch: error: This does not look like a batch script.');
    }
    const job = (this.#jobs += 1);
    for (let index = 0; index <= Number(last); index += 1) this.add(`${job}_${index}`, name, name);
    return ok(`${job}\n`);
  }

  #queue(name: string | undefined): string {
    const states = { pending: 'PENDING|Priority', running: 'RUNNING|None', ended: 'FAILED|None' };
    return [...this.pilots]
      .filter(([, { group }]) => name === undefined || group === name)
      .map(([id, { group, phase }]) => `${id}|${group}|${states[phase]}\n`)
      .join('');
  }

  #cancel(args: readonly string[]): CommandEnd {
    const ids = new Set(args.filter((arg) => !arg.startsWith('--')));
    const state = valueOf(args, '--state')?.toLowerCase();
    const signal = valueOf(args, '--signal');
    this.end((id, { phase }) => {
      if (!ids.has(id)) return false;
      // A signal reaches only what runs.
      return signal === undefined ? state === undefined || phase === state : phase === 'running';
    });
    return ok();
  }
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec?: { readonly completions: number };
}

/** `kubectl`, with a Job controller behind it that makes a pod for each index. */
export class FakeKubernetes extends FakeEngine {
  readonly secrets: Manifest[] = [];
  #jobs: Manifest[] = [];

  protected answer(_program: string, all: readonly string[], input: string): CommandEnd {
    const [verb = '', ...args] = all.filter((arg) => !/^--(?:context|namespace|request)/.test(arg));
    switch (verb) {
      case 'create':
        return this.#create(JSON.parse(input) as Manifest);
      case 'get':
        return ok(this.#get(valueOf(args, '--selector') ?? ''));
      case 'delete':
        return this.#delete(args);
      case 'logs':
        return ok(this.known((args[0] ?? '').replace(/-(\d+)-pod$/, '/$1')).stderr);
      default:
        return ok('yes\n');
    }
  }

  #create(object: Manifest): CommandEnd {
    if (object.kind === 'Secret') {
      this.secrets.push(object);
      return ok(`secret/${object.metadata.name}\n`);
    }
    this.#jobs.push(object);
    const { name, labels } = object.metadata;
    for (let index = 0; index < (object.spec?.completions ?? 0); index += 1) {
      this.add(`${name}/${index}`, name, labels['flac2all/run'] ?? '');
    }
    return ok(JSON.stringify({ ...object, metadata: { ...object.metadata, uid: `uid-${name}` } }));
  }

  #get(selector: string): string {
    const run = /flac2all\/run=(\w+)/.exec(selector)?.[1];
    const jobs = this.#jobs.filter(
      ({ metadata }) => run === undefined || metadata.labels['flac2all/run'] === run,
    );
    const items = jobs.flatMap((job) => {
      const { name } = job.metadata;
      const mine = [...this.pilots].filter(([, { group }]) => group === name);
      const failed = mine.flatMap(([id, { phase }]) =>
        phase === 'ended' ? [id.slice(id.indexOf('/') + 1)] : [],
      );
      const pods = mine.map(([id, { phase }]) => podOf(id, phase));
      return [{ ...job, status: { failedIndexes: failed.join(',') } }, ...pods];
    });
    return JSON.stringify({ items });
  }

  #delete([kind = '', ...args]: readonly string[]): CommandEnd {
    const names = new Set(args.filter((arg) => !arg.startsWith('--')));
    const run = /flac2all\/run=(\w+)/.exec(valueOf(args, '--selector') ?? '')?.[1];
    this.end((id, pilot) => names.has(podName(id)) || names.has(pilot.group));
    const isGone = ({ metadata: { name, labels } }: Manifest): boolean =>
      kind !== 'pod' && (names.has(name) || labels['flac2all/run'] === run);
    this.#jobs = this.#jobs.filter((job) => !isGone(job));
    // Secrets go with the Jobs that own them.
    this.secrets.splice(0, Infinity, ...this.secrets.filter((secret) => !isGone(secret)));
    return ok();
  }
}

function podName(id: string): string {
  return `${id.replace('/', '-')}-pod`;
}

function podOf(id: string, phase: Phase): object {
  const [job = '', index = ''] = id.split('/');
  const phases = { pending: 'Pending', running: 'Running', ended: 'Failed' };
  return {
    kind: 'Pod',
    metadata: {
      name: podName(id),
      labels: { 'batch.kubernetes.io/job-name': job },
      annotations: { 'batch.kubernetes.io/job-completion-index': index },
    },
    status: { phase: phases[phase] },
  };
}

/** `systemctl` and `journalctl`. */
export class FakeSystemd extends FakeEngine {
  protected answer(program: string, args: readonly string[]): CommandEnd {
    if (program === 'journalctl') {
      return ok(this.known(valueOf(args, '--unit') ?? valueOf(args, '--user-unit') ?? '').stderr);
    }
    const [, verb = '', ...words] = args;
    const units = words.filter((word) => !word.startsWith('--'));
    if (verb === 'start') {
      for (const unit of units) this.add(unit, unit.split('@')[0] ?? '', '');
    }
    if (verb === 'stop' || verb === 'kill') this.end((id) => units.includes(id));
    return ok(verb === 'list-units' ? this.#list(units[0] ?? '') : '');
  }

  #list(pattern: string): string {
    const glob = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
    const states = {
      pending: 'activating start',
      running: 'active running',
      ended: 'failed failed',
    };
    return [...this.pilots]
      .filter(([id]) => glob.test(id))
      .map(([id, { phase }]) => `${id} loaded ${states[phase]} flac2all worker 1\n`)
      .join('');
  }
}

/** Programs that live as long as their standard input is open, as those behind ssh do. */
export class FakeChannels extends FakeEngine {
  readonly #ends = new Map<string, (end: ChannelEnd) => void>();

  override open({ program, args }: ChannelCommand): Channel {
    const words = [program, ...args];
    const call = { words, input: '' };
    this.calls.push(call);
    const id = /--pilot (\S+)/.exec(words.join(' '))?.[1] ?? '';
    this.pilots.set(id, { group: '', run: '', phase: 'running', stderr: '' });
    const ended = new Promise<ChannelEnd>((resolve) => this.#ends.set(id, resolve));
    const end = (): void => this.#end(id, { death: undefined, stderrTail: '' });
    return {
      pid: 1,
      ended,
      write: (text) => {
        call.input += text;
        if (text === 'drain\n') end();
      },
      close: end,
      kill: end,
    };
  }

  override die(id: string, stderr: string): void {
    this.#end(id, { death: 'exit code 1', stderrTail: stderr });
  }

  protected answer(): CommandEnd {
    return ok('flac2all 0.1.0\n');
  }

  #end(id: string, end: ChannelEnd): void {
    this.known(id).phase = 'ended';
    this.#ends.get(id)?.(end);
  }
}
