import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { TestContext } from 'node:test';

/** One of two machines: a network namespace with an address and its own view of the files. */
export interface Host {
  readonly address: string;
  /** A command that runs another one there, with the folder mounted at the mount point. */
  readonly inside: (folder: string, mountPoint: string) => readonly string[];
  /** Pulls its cable, or puts it back. */
  readonly cable: (state: 'up' | 'down') => void;
}

const MOUNT = 'mount --bind "$1" "$2" && shift 2 && exec "$@"';

/** For `node:test`: why there cannot be two hosts here, or `false`. */
export const noHosts: string | false = whyNoHosts();

function whyNoHosts(): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    return 'needs root on Linux for network namespaces';
  }
  const name = `f2a-try-${process.pid}`;
  const made = spawnSync('ip', ['netns', 'add', name]);
  if (made.status !== 0) return `needs ip netns: ${made.error?.message ?? String(made.stderr)}`;
  const mounts = spawnSync('ip', ['netns', 'exec', name, 'mount', '--bind', '/tmp', '/tmp']);
  spawnSync('ip', ['netns', 'del', name]);
  return mounts.status === 0 ? false : 'needs the right to mount';
}

/** Two machines that can reach each other and nothing else, for as long as the test lasts. */
export function twoHosts(test: TestContext): readonly [Host, Host] {
  const names = [`f2a-a-${process.pid}`, `f2a-b-${process.pid}`] as const;
  const cables = [`fa${process.pid}`, `fb${process.pid}`] as const;
  const addresses = ['10.201.19.1', '10.201.19.2'] as const;
  for (const name of names) {
    ip('netns', 'add', name);
    test.after(() => void spawnSync('ip', ['netns', 'del', name]));
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }
  ip(
    'link',
    'add',
    cables[0],
    'netns',
    names[0],
    'type',
    'veth',
    'peer',
    cables[1],
    'netns',
    names[1],
  );
  for (const at of [0, 1] as const) {
    ip('-n', names[at], 'addr', 'add', `${addresses[at]}/24`, 'dev', cables[at]);
    ip('-n', names[at], 'link', 'set', cables[at], 'up');
  }
  return [host(names[0], cables[0], addresses[0]), host(names[1], cables[1], addresses[1])];
}

function host(name: string, cable: string, address: string): Host {
  return {
    address,
    cable: (state) => ip('-n', name, 'link', 'set', cable, state),
    inside: (folder, mountPoint) => {
      mkdirSync(mountPoint, { recursive: true });
      return ['ip', 'netns', 'exec', name, 'sh', '-c', MOUNT, 'sh', folder, mountPoint];
    },
  };
}

function ip(...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${error?.message ?? stderr}`);
}
