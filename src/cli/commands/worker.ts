import { availableParallelism, homedir, hostname, loadavg } from 'node:os';
import { resolve } from 'node:path';
import type { AgentExit } from '../../cluster/agent-session.js';
import type { AgentSignals } from '../../cluster/agent.js';
import { listenToSignals } from '../../cluster/agent-signals.js';
import { isLocalEndpoint, isPrivateEndpoint } from '../../cluster/endpoint.js';
import { keyFolder, workerKey } from '../../cluster/key-file.js';
import type { ClusterKey } from '../../cluster/key-file.js';
import { readKeyLine } from '../../cluster/key-input.js';
import type { Failure } from '../../lib/failure.js';
import { ok } from '../../lib/result.js';
import type { Result } from '../../lib/result.js';
import { VERSION } from '../../run/version.js';
import { escapeControls } from '../../report/text.js';
import { awaitKey } from '../await-key.js';
import type { KeyWait } from '../await-key.js';
import type { CommandBody, CommandContext, OptionValues } from '../command.js';
import { defineCommand } from '../command.js';
import { jobsOption } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import type { ExitCode } from '../exit-code.js';
import { setProcessPriority } from '../process-priority.js';
import { WORKER_OPTIONS, workerSettings } from '../worker-options.js';
import type { WorkerSettings } from '../worker-options.js';
import { spoken } from '../worker-voice.js';

const SPEECH = { json: false, quiet: false, verbose: false, 'no-color': false };
const CONNECT = 'tcp://127.0.0.1:2019';

export const worker: CommandBody = defineCommand({
  usage: ['worker [options]'],
  description: [
    'Connects to the master of a running `flac2all apply` and works for it until it has nothing left to do. `apply` starts a worker process of its own; more can join while it runs, on this machine and on others that see the same paths, when the manifest has `cluster: { bind: "tcp://*:2019" }`. One SIGINT or SIGTERM: finish what runs, then leave; two: leave at once.',
    'A master of another machine asks for a key: see `flac2all keys --help`. Before it hands anything out it looks whether this machine sees the same files; for folders that are mounted elsewhere say --map. A worker gets only outputs that it has the encoders for.',
    '`flac2all_worker HOST` is short for `flac2all worker --connect tcp://HOST:2019`.',
  ],
  options: {
    connect: {
      type: 'string',
      placeholder: 'ENDPOINT',
      default: CONNECT,
      description: 'where the master listens',
    },
    jobs: jobsOption('outputs made at the same time; otherwise one per CPU'),
    key: {
      type: 'string',
      placeholder: 'FILE',
      description:
        'the key that the master of another machine asks for; otherwise that of this user, waiting for it where there is none yet. -: the first line of standard input',
    },
    insecure: {
      type: 'boolean',
      description: 'join a master of another machine that asks for no key (cluster.insecure)',
    },
    ...WORKER_OPTIONS,
    program: {
      type: 'string',
      placeholder: 'NAME',
      repeatable: true,
      description:
        'look only whether these programs are here, for a master of this machine that needs no others',
    },
    'started-by-master': {
      type: 'boolean',
      description:
        'leave when standard input ends, and ignore SIGINT: the master tells when to stop',
    },
  },
  examples: [
    { command: 'flac2all worker', what: 'join the master of this machine' },
    { command: 'flac2all_worker fileserver', what: 'join the one of another' },
    { command: 'flac2all worker --connect tcp://127.0.0.1:2019 -j2', what: 'two at a time' },
    {
      command: 'flac2all_worker fileserver --map /srv/music=/mnt/nas/music',
      what: 'the same files, mounted elsewhere',
    },
    {
      command: 'flac2all_worker fileserver --hours 22-07 --nice 19 --ionice idle',
      what: 'at night, and out of the way',
    },
  ],
  async run({ values }, context) {
    if (!isEndpoint(values.connect)) {
      const message = `--connect must be tcp://HOST:PORT, but is "${values.connect}"`;
      return fail({ code: 'USAGE', message }, context);
    }
    const settings = workerSettings(values);
    if (!settings.ok) return fail(settings.error, context);
    const managed = values['started-by-master'];
    const say = (text: string): void => {
      context.stderr.write(`worker: ${escapeControls(text)}\n`);
    };
    const given = values.key === '-' ? await readKeyLine(process.stdin) : undefined;
    if (values.key === '-' && !managed) process.stdin.destroy();
    const signals = listenToSignals({ managed, onTerminal: isOnTerminal() });
    if (wasStopped(context.signal, managed)) {
      signals.dispose();
      return EXIT.ok;
    }
    const { drain: signal } = signals;
    const waiting = { clock: context.clock, patienceMs: settings.value.orphanMs, signal, say };
    const key = given ?? (await keyFor(values, context, waiting));
    if (!key.ok || signal.aborted) {
      signals.dispose();
      return key.ok ? EXIT.ok : fail(key.error, context);
    }
    if (!managed) say(`waiting for a master at ${values.connect}`);
    for (const problem of await setProcessPriority(values)) say(problem);
    const exit = await work(values, {
      context,
      key: key.value,
      settings: settings.value,
      signals,
      say,
    });
    signals.dispose();
    say(exit.text);
    return exit.reason === 'rejected' ? EXIT.error : EXIT.ok;
  },
});

/** Loads a session only to fail: it brings the code for manifests, and a master waits for its worker's start. */
async function fail(failure: Failure, context: CommandContext): Promise<ExitCode> {
  const { Session } = await import('../session.js');
  return (await Session.begin(SPEECH, context)).fail(failure);
}

/** A signal that came while this was being loaded; SIGINT is not for agents of a master. */
function wasStopped({ aborted, reason }: AbortSignal, managed: boolean): boolean {
  return aborted && !(managed && reason === 'SIGINT');
}

type Values = Parameters<typeof keyFor>[0] &
  OptionValues<typeof WORKER_OPTIONS> & {
    readonly jobs?: number | undefined;
    readonly 'started-by-master': boolean;
    readonly program?: readonly string[] | undefined;
  };

interface Workplace {
  readonly context: CommandContext;
  readonly key: ClusterKey | undefined;
  readonly settings: WorkerSettings;
  readonly signals: AgentSignals;
  readonly say: (text: string) => void;
}

async function work(
  values: Values,
  { context, key, settings, signals, say }: Workplace,
): Promise<AgentExit> {
  const { orphanMs, ...rules } = settings;
  const slots = values.jobs ?? availableParallelism();
  // The programs run while the rest is loaded: a master is waiting.
  const { capabilitiesHere, programsHere } = await import('../../run/capabilities.js');
  const probing = isPrivateEndpoint(values.connect)
    ? programsHere(values.program)
    : capabilitiesHere();
  const { runAgent } = await import('../../cluster/agent.js');
  const { executeTask } = await import('../../task/execute.js');
  if (isOnTerminal()) (await import('../../task/child.js')).keepChildrenApart();
  const execute = values['started-by-master']
    ? executeTask
    : spoken(executeTask, { slots, say, signals, ...context });
  const agent = {
    endpoint: values.connect,
    key,
    slots,
    execute,
    capabilities: await probing,
    ...rules,
    load: () => loadavg()[0] ?? 0,
    onNotice: say,
    name: hostname(),
    pilot: values.pilot,
    ...(orphanMs === undefined ? {} : { orphanMs }),
    version: VERSION,
    clock: context.clock,
    signals,
  };
  const exit = await runAgent(agent);
  if (exit.asksForKey !== true || values.insecure) return exit;
  // A master of this machine that others can reach too: if it is this user's, its key is here.
  const own = workerKey(keyFolder(context.env, homedir()), undefined);
  return own.ok ? runAgent({ ...agent, key: own.value }) : exit;
}

/** Masters of this machine are asked without one first. A file that was named has to be there. */
async function keyFor(
  {
    connect,
    key,
    insecure,
  }: { readonly connect: string; readonly key?: string | undefined; readonly insecure: boolean },
  { env, cwd }: CommandContext,
  waiting: KeyWait,
): Promise<Result<ClusterKey | undefined, Failure>> {
  if (insecure || (key === undefined && isHere(connect))) return ok(undefined);
  const folder = keyFolder(env, homedir());
  if (key !== undefined) return workerKey(folder, resolve(cwd, key));
  return awaitKey(() => workerKey(folder, undefined), waiting);
}

/** Whether Ctrl-C, which goes to all that a terminal shows, can reach this process. */
function isOnTerminal(): boolean {
  return [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
}

/** Whether the master is on this machine, by whichever name. */
function isHere(endpoint: string): boolean {
  return isLocalEndpoint(endpoint) || endpoint.startsWith(`tcp://${hostname()}:`);
}

/** What ZeroMQ can connect to; it throws at what it cannot. */
function isEndpoint(text: string): boolean {
  if (text.startsWith('ipc://')) return text.length > 'ipc://'.length;
  const port = /^tcp:\/\/[^\s/]+:(\d{1,5})$/.exec(text)?.[1];
  return port !== undefined && Number(port) > 0 && Number(port) <= 65_535;
}
