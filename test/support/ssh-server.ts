import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { freePort } from './free-port.js';
import { kill } from './processes.js';
import { temporaryFolder } from './temporary-folder.js';
import { until } from './until.js';

/** A real sshd on loopback, which lets in one key that was made for it. */
export class SshServer {
  readonly port: number;
  /** The private key that it lets in. */
  readonly identity: string;
  readonly knownHosts: string;
  readonly #daemon: ChildProcess;

  private constructor(folder: string, port: number, env: Readonly<Record<string, string>>) {
    this.port = port;
    this.identity = join(folder, 'user_key');
    this.knownHosts = join(folder, 'known_hosts');
    const path = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const config = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(folder, 'host_key')}`,
      `PidFile none`,
      `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin prohibit-password',
      ...(path.length === 0 ? [] : [`SetEnv ${path.map((entry) => `"${entry}"`).join(' ')}`]),
    ];
    writeFileSync(join(folder, 'sshd_config'), `${config.join('\n')}\n`);
    this.#daemon = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], {
      stdio: 'ignore',
      detached: true,
    });
  }

  /** Sessions get the environment on top of their own. */
  static async start(test: TestContext, env: Readonly<Record<string, string>>): Promise<SshServer> {
    const folder = temporaryFolder(test);
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    for (const name of ['host_key', 'user_key']) {
      const keygen = ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)];
      spawnSync('ssh-keygen', keygen, { stdio: 'inherit' });
    }
    copyFileSync(join(folder, 'user_key.pub'), join(folder, 'authorized_keys'));
    chmodSync(join(folder, 'authorized_keys'), 0o600);
    const server = new SshServer(folder, await freePort(), env);
    test.after(() => kill(server.#daemon.pid ?? 0, 'SIGKILL'));
    await until('sshd', () => answers(server.port));
    const scanned = spawnSync('ssh-keyscan', ['-p', String(server.port), '127.0.0.1'], {
      encoding: 'utf8',
    });
    writeFileSync(server.knownHosts, scanned.stdout);
    return server;
  }

  /** As a manifest names it. */
  get host(): string {
    return `ssh://${userInfo().username}@127.0.0.1:${this.port}`;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const done = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => done(true)).once('error', () => done(false));
  });
}
