// Brings a fresh clone to life: the npm packages, then the encoders by the system's package manager.
// `node .ci/setup.mjs packages` stops after the packages. Silent when nothing is missing.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHash } from 'node:crypto';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node.js 20.19 or newer is needed, and this is ${process.versions.node}`);
}
installPackages();
if (process.argv[2] !== 'packages') installEncoders();

/** `npm ci`, unless node_modules was made from this very lock file. */
function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.flac2all-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('Installing the npm packages (npm ci) ...\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(
    npm,
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
    },
  );
  if (done.status !== 0) fail('npm ci failed; its messages are above');
  writeFileSync(stamp, lock);
}

function installEncoders() {
  const wanted = {
    flac: ['flac', 'flac', 'flac', 'flac', 'flac'],
    opusenc: ['opus-tools', 'opus-tools', 'opus-tools', 'opus-tools', 'opus-tools'],
    oggenc: ['vorbis-tools', 'vorbis-tools', 'vorbis-tools', 'vorbis-tools', 'vorbis-tools'],
    lame: ['lame', 'lame', 'lame', 'lame', 'lame'],
    ffmpeg: ['ffmpeg', 'ffmpeg-free', 'ffmpeg', 'ffmpeg', 'ffmpeg'],
  };
  const managers = [
    {
      program: 'apt-get',
      before: ['update'],
      install: ['install', '-y', '--no-install-recommends'],
    },
    { program: 'dnf', install: ['install', '-y'] },
    { program: 'pacman', install: ['-S', '--needed', '--noconfirm'] },
    { program: 'apk', install: ['add'] },
    { program: 'brew', install: ['install'], asUser: true },
  ];
  const missing = Object.keys(wanted).filter((program) => !onPath(program));
  if (missing.length === 0) return;
  const at = managers.findIndex(({ program }) => onPath(program));
  const manager = managers[at];
  if (manager === undefined) {
    fail(`these programs are missing: ${missing.join(', ')}. Install them and run this again.`);
  }
  const packages = [...new Set(missing.map((program) => wanted[program][at]))];
  const command = [manager.program, ...manager.install, ...packages];
  const prefix = privilege(manager);
  if (prefix === undefined) {
    fail(
      `these programs are missing: ${missing.join(', ')}. Install them with\n  sudo ${command.join(' ')}\nand run this again.`,
    );
  }
  process.stderr.write(`Installing ${packages.join(', ')} (${manager.program}) ...\n`);
  if (manager.before !== undefined) quietly([...prefix, manager.program, ...manager.before]);
  quietly([...prefix, ...command]);
  const still = missing.filter((program) => !onPath(program));
  if (still.length > 0)
    fail(`${still.join(', ')} could not be installed; try: ${command.join(' ')}`);
}

/** What to put in front of the package manager; `undefined`: this user may not install. */
function privilege({ asUser }) {
  if (asUser === true || process.getuid?.() === 0) return [];
  const sudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
  if (sudo.status === 0) return ['sudo', '-n'];
  return process.stdin.isTTY && onPath('sudo') ? ['sudo'] : undefined;
}

/** Runs a command; shows what it printed only when it failed. */
function quietly([program, ...args]) {
  const done = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  if (done.status !== 0) process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`);
}

function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

function fail(message) {
  process.stderr.write(`flac2all: ${message}\n`);
  process.exit(1);
}
