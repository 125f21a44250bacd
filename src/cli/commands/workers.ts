import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { keyFolder } from '../../cluster/key-file.js';
import { errorMessage } from '../../lib/failure.js';
import type { Failure } from '../../lib/failure.js';
import { nearest } from '../../lib/nearest.js';
import type { Result } from '../../lib/result.js';
import { err, ok } from '../../lib/result.js';
import type { Manifest } from '../../manifest/manifest.js';
import type { ProviderSettings } from '../../manifest/provider-settings.js';
import type { PilotStatus, Provider, RenderedFile } from '../../providers/provider.js';
import { formatCounted } from '../../report/format.js';
import { escapeControls, padColumns } from '../../report/text.js';
import { HandPilots } from '../../run/hand-pilots.js';
import type { Arguments, CommandBody, CommandContext } from '../command.js';
import { defineCommand } from '../command.js';
import { MANIFEST_OPTIONS, OUTPUT_OPTIONS } from '../common-options.js';
import { EXIT } from '../exit-code.js';
import { openManifest, Session } from '../session.js';

const ACTIONS = ['render', 'submit', 'status', 'cancel'] as const;
type Action = (typeof ACTIONS)[number];

const OPTIONS = {
  ...MANIFEST_OPTIONS,
  provider: {
    type: 'string',
    short: 'p',
    placeholder: 'NAME',
    description: 'a provider of the manifest, by its name or type; not needed where there is one',
  },
  count: {
    type: 'integer',
    short: 'n',
    placeholder: 'N',
    min: 1,
    max: 10_000,
    default: 1,
    description: 'how many workers to render or submit',
  },
  connect: {
    type: 'string',
    placeholder: 'ENDPOINT',
    description: 'where the workers find the master; otherwise as the manifest says',
  },
  out: {
    type: 'string',
    placeholder: 'FOLDER',
    description: 'with render: write the files there, in place of printing them',
  },
  drain: {
    type: 'boolean',
    description: 'with cancel: let workers finish what they have',
  },
  all: {
    type: 'boolean',
    description: 'with cancel: those of running applies too, not only those submitted by hand',
  },
  ...OUTPUT_OPTIONS,
} as const;

export const workers: CommandBody = defineCommand({
  usage: [
    'workers render [options]',
    'workers submit [options]',
    'workers status [options]',
    'workers cancel [options] [ID...]',
  ],
  description: [
    'Workers by an engine: processes of this machine (local), ssh, Slurm, Kubernetes, systemd. With cluster.providers in the manifest `apply` starts and ends as many as its work needs; this command shows what is given to the engine, and does by hand what apply does by itself.',
    'render: the files that would be submitted; never a key. submit: starts workers for a master with a fixed port (cluster.bind). Those of local and ssh live as long as the command. status: all workers that the engine knows of. cancel: ends those that were submitted by hand, or the ones that are named.',
  ],
  options: OPTIONS,
  positionals: { name: 'ACTION [ID...]', description: ACTIONS.join(', '), min: 1, max: Infinity },
  examples: [
    { command: 'flac2all workers render --provider slurm -n 4', what: 'the batch script' },
    { command: 'flac2all workers submit --provider slurm -n 4', what: 'four jobs' },
    { command: 'flac2all workers status --provider slurm', what: 'what became of them' },
    { command: 'flac2all workers cancel --provider slurm --drain', what: 'enough for today' },
  ],
  async run(args, context) {
    const session = await Session.begin(args.values, context);
    const [action = '', ...ids] = args.positionals;
    if (!isAction(action)) return session.fail(unknownAction(action));
    if (ids.length > 0 && action !== 'cancel') {
      return session.fail({ code: 'USAGE', message: `${action} takes no "${ids.join(' ')}"` });
    }
    const manifest = await openManifest(args.values, context);
    if (!manifest.ok) return session.fail(...manifest.error);
    const settings = chooseProvider(manifest.value, args.values.provider);
    if (!settings.ok) return session.fail(settings.error);
    const done = await carryOut(action, {
      args,
      ids,
      context,
      session,
      manifest: manifest.value,
      settings: settings.value,
    });
    return done.ok ? session.end(EXIT.ok) : session.fail(done.error);
  },
});

interface Request {
  readonly args: Arguments<typeof OPTIONS>;
  readonly ids: readonly string[];
  readonly context: CommandContext;
  readonly session: Session;
  readonly manifest: Manifest;
  readonly settings: ProviderSettings;
}

function carryOut(action: Action, request: Request): Promise<Result<void, Failure>> {
  const { type, name } = request.settings;
  if ((type === 'local' || type === 'ssh') && (action === 'status' || action === 'cancel')) {
    const message = `workers of ${name} live and die with the command that started them`;
    const hint =
      'they are told of by the apply that has them; Ctrl-C ends those of `workers submit`';
    return Promise.resolve(err({ code: 'USAGE', message, hint }));
  }
  if (action === 'render') return Promise.resolve(render(request));
  if (action === 'submit') return submit(request);
  return action === 'status' ? status(request) : cancel(request);
}

function handPilots({ args, context, manifest, settings }: Request): HandPilots {
  return new HandPilots(manifest, handOptions({ args, context, settings }));
}

function handOptions({
  args,
  context,
  settings,
}: Pick<Request, 'args' | 'context' | 'settings'>): ConstructorParameters<typeof HandPilots>[1] {
  const folder = keyFolder(context.env, homedir());
  return { settings, endpoint: args.values.connect, keyFolder: folder };
}

function render(request: Request): Result<void, Failure> {
  const { args, context, session } = request;
  const files = handPilots(request).provider.render(args.values.count);
  const { out } = args.values;
  if (out !== undefined) return writeFiles(resolve(context.cwd, out), files);
  const text =
    files.length === 1
      ? (files[0]?.content ?? '')
      : files.map(({ name, content }) => `# ${name}\n${content}`).join('\n');
  const data = { files: files.map((file) => ({ ...file })) };
  session.emit({ type: 'answer', kind: 'workers', text, data });
  return ok(undefined);
}

function writeFiles(folder: string, files: readonly RenderedFile[]): Result<void, Failure> {
  try {
    mkdirSync(folder, { recursive: true });
    for (const { name, content } of files) writeFileSync(join(folder, name), content);
    return ok(undefined);
  } catch (error) {
    const message = `cannot write into ${folder}: ${errorMessage(error)}`;
    return err({ code: 'FILE_UNWRITABLE', message, cause: error });
  }
}

async function submit(request: Request): Promise<Result<void, Failure>> {
  const { args, context, session, manifest, settings } = request;
  const submitted = await HandPilots.submit(
    manifest,
    handOptions({ args, context, settings }),
    args.values.count,
  );
  if (!submitted.ok) return submitted;
  const { pilots, ids } = submitted.value;
  const text = `${formatCounted(ids.length, 'worker')} asked for: ${ids.join(', ')}\n`;
  session.emit({ type: 'answer', kind: 'workers', text, data: { submitted: [...ids] } });
  if (settings.type === 'local' || settings.type === 'ssh') {
    return attend(pilots.provider, ids, context);
  }
  return ok(undefined);
}

/** Between two looks at workers that live in this process. */
const LOOK_MS = 500;

/** Waits until all have ended; a signal lets them finish what they have. */
async function attend(
  provider: Provider,
  ids: readonly string[],
  { clock, signal, stderr }: CommandContext,
): Promise<Result<void, Failure>> {
  let told = false;
  for (;;) {
    const statuses = await provider.status(ids);
    if (!statuses.ok) return statuses;
    const all = [...statuses.value.values()];
    if (all.every(({ phase }) => phase === 'ended')) {
      for (const { id, text } of all) {
        const said = await provider.lastWords(id);
        stderr.write(`${id}: ${[text, said.split('\n').at(-1)].filter(Boolean).join(': ')}\n`);
      }
      return ok(undefined);
    }
    if (signal.aborted && !told) {
      told = true;
      await provider.cancel(ids, { drain: true });
    }
    await clock.sleep(LOOK_MS, told ? undefined : signal).catch(() => undefined);
  }
}

async function status(request: Request): Promise<Result<void, Failure>> {
  const listed = await handPilots(request).provider.list('all');
  if (!listed.ok) return listed;
  const data = {
    workers: listed.value.map(({ id, run, phase, text }) => ({ id, run, phase, text })),
  };
  request.session.emit({ type: 'answer', kind: 'workers', text: statusText(listed.value), data });
  return ok(undefined);
}

function statusText(statuses: readonly PilotStatus[]): string {
  if (statuses.length === 0) return 'The engine knows of no worker.\n';
  const width = Math.max(...statuses.map(({ id }) => id.length));
  return statuses
    .map(({ id, run, phase, text }) => {
      const whose = run === 'hand' ? 'by hand' : `run ${run}`;
      return `${padColumns(id, width)}  ${padColumns(phase, 7)}  ${escapeControls(text)}  ${whose}\n`;
    })
    .join('');
}

async function cancel(request: Request): Promise<Result<void, Failure>> {
  const { args, session, ids } = request;
  const { drain, all } = args.values;
  const pilots = handPilots(request);
  let cancelled = ids;
  if (ids.length === 0 && !all) {
    const done = await pilots.cancelAll({ drain });
    if (!done.ok) return done;
    cancelled = done.value;
  } else {
    const listed = await pilots.provider.list('all');
    if (!listed.ok) return listed;
    const live = listed.value.flatMap(({ id, phase }) => (phase === 'ended' ? [] : [id]));
    const unknown = ids.find((id) => !live.includes(id));
    if (unknown !== undefined) {
      const message = `the engine knows of no worker ${unknown}`;
      const hint = live.length === 0 ? undefined : `there are: ${live.join(', ')}`;
      return err({ code: 'USAGE', message, ...(hint === undefined ? {} : { hint }) });
    }
    cancelled = all ? live : ids;
    const done = await pilots.provider.cancel(cancelled, { drain });
    if (!done.ok) return done;
  }
  const text = `${formatCounted(cancelled.length, 'worker')} cancelled\n`;
  session.emit({ type: 'answer', kind: 'workers', text, data: { cancelled: [...cancelled] } });
  return ok(undefined);
}

function isAction(text: string): text is Action {
  return ACTIONS.some((action) => action === text);
}

function unknownAction(action: string): Failure {
  const near = nearest(action, ACTIONS);
  const hint = near === undefined ? `choose from ${ACTIONS.join(', ')}` : `did you mean "${near}"?`;
  return { code: 'USAGE', message: `workers cannot "${action}"`, hint };
}

function chooseProvider(
  { cluster: { providers } }: Manifest,
  wanted: string | undefined,
): Result<ProviderSettings, Failure> {
  const found = providers.filter(
    ({ name, type }) => wanted === undefined || name === wanted || type === wanted,
  );
  const [only, second] = found;
  if (only !== undefined && second === undefined) return ok(only);
  const names = providers.map(({ name }) => name).join(', ');
  if (providers.length === 0) {
    const message = 'the manifest has no providers of workers';
    const hint = 'add them: cluster: { providers: [{ type: slurm, max: 8, slots: 4 }] }';
    return err({ code: 'USAGE', message, hint });
  }
  const message =
    only === undefined
      ? `the manifest has no provider "${wanted}"`
      : 'there are several providers; name one with --provider';
  return err({ code: 'USAGE', message, hint: `there are: ${names}` });
}
