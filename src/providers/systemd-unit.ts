import type { SystemdSettings } from '../manifest/provider-settings.js';
import type { PilotContext } from './provider.js';
import { seconds, workerCommand } from './worker-command.js';

export interface WorkerUnit {
  readonly settings: SystemdSettings;
  readonly context: PilotContext;
  readonly program: readonly string[];
  /** Of the template, with its `@`: the pilot's id is `name%i.service`. */
  readonly name: string;
}

/** What a worker may never do, whatever it decodes. Its encoders are no network programs. */
const HARDENING = [
  'NoNewPrivileges=true',
  'PrivateDevices=true',
  'ProtectSystem=full',
  'ProtectClock=true',
  'ProtectControlGroups=true',
  'ProtectHostname=true',
  'ProtectKernelLogs=true',
  'ProtectKernelModules=true',
  'ProtectKernelTunables=true',
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX',
  'RestrictNamespaces=true',
  'RestrictRealtime=true',
  'RestrictSUIDSGID=true',
  'LockPersonality=true',
  'SystemCallArchitectures=native',
  'UMask=0022',
] as const;

/** The template unit of pilots: instances are started, stopped and kept apart by systemd. */
export function workerUnit({ settings, context, program, name }: WorkerUnit): string {
  const { scope, user, graceMs } = settings;
  const { key } = context;
  const keyFile = key.kind === 'key' ? key.file : '';
  const words = workerCommand({ context, settings, program, keyFile });
  // systemd reads the key as root and shows it to the unit's user alone.
  const credential = scope === 'system' && keyFile !== '';
  const start = words.map((word) =>
    credential && word === keyFile ? '%d/cluster.key' : unitWord(word),
  );
  return lines([
    '[Unit]',
    'Description=flac2all worker %i',
    'Documentation=man:systemd.service(5)',
    'After=network-online.target remote-fs.target',
    'CollectMode=inactive-or-failed',
    // A worker that fails at once, time and again, is left failed.
    'StartLimitIntervalSec=60',
    'StartLimitBurst=3',
    '',
    '[Service]',
    'Type=exec',
    ...(scope === 'system' && user !== undefined ? [`User=${user}`] : []),
    ...(credential ? [`LoadCredential=cluster.key:${keyFile.replaceAll('%', '%%')}`] : []),
    `ExecStart=${start.join(' ')} --pilot ${name}%i.service`,
    'Restart=on-failure',
    'RestartSec=5',
    // SIGTERM: finish what runs, then leave; the encoders are left to the worker.
    'KillMode=mixed',
    `TimeoutStopSec=${seconds(graceMs)}`,
    'Nice=10',
    'WorkingDirectory=/',
    ...(scope === 'system' ? HARDENING : ['NoNewPrivileges=true', 'UMask=0022']),
    '',
    '[Install]',
    `WantedBy=${scope === 'system' ? 'multi-user.target' : 'default.target'}`,
  ]);
}

/** A service that applies the manifest once, and the timer that starts it every night. */
export function nightlyUnits({
  settings: { scope, user },
  context: { manifest },
  program,
}: Omit<WorkerUnit, 'name'>): { readonly service: string; readonly timer: string } {
  const apply = [...program, 'apply', '--yes', '--file', manifest];
  return {
    service: lines([
      '[Unit]',
      'Description=Bring the music mirrors up to date',
      'Documentation=man:systemd.service(5)',
      'After=local-fs.target remote-fs.target',
      '',
      '[Service]',
      'Type=oneshot',
      ...(scope === 'system' && user !== undefined ? [`User=${user}`] : []),
      `ExecStart=${apply.map(unitWord).join(' ')}`,
      'Nice=19',
      'IOSchedulingClass=idle',
      '# 3: finished, but something is left to a person; the journal says what.',
      'SuccessExitStatus=3',
      '# One SIGINT: running encodes are finished and written down.',
      'KillSignal=SIGINT',
      'KillMode=mixed',
      'TimeoutStopSec=10min',
      'WorkingDirectory=/',
      ...(scope === 'system' ? HARDENING : ['NoNewPrivileges=true']),
    ]),
    timer: lines([
      '[Unit]',
      'Description=Bring the music mirrors up to date every night',
      '',
      '[Timer]',
      'OnCalendar=*-*-* 03:15:00',
      'RandomizedDelaySec=15min',
      'Persistent=true',
      '',
      '[Install]',
      'WantedBy=timers.target',
    ]),
  };
}

/** A word of ExecStart as it is: no specifier, no variable, no unquoting. */
function unitWord(word: string): string {
  const escaped = word.replaceAll('\\', '\\\\').replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w@%+=:,./$-]+$/.test(word) ? escaped : `"${escaped.replaceAll('"', '\\"')}"`;
}

function lines(text: readonly string[]): string {
  return `${text.join('\n')}\n`;
}
