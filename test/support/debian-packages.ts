import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How long the package manager may take. */
const APT_MS = 300_000;

/**
 * For `node:test`: why tests that need these programs are skipped, or `false`. Installs the packages
 * where this user is root and the programs are missing.
 */
export function withoutPrograms(
  programs: readonly string[],
  packages: readonly string[],
): string | false {
  if (programs.every(isHere)) return false;
  if (process.getuid?.() !== 0) return `needs root, or ${packages.join(' and ')} installed`;
  if (!isHere('apt-get')) return `needs ${packages.join(' and ')}`;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, timeout: APT_MS, encoding: 'utf8' } as const;
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  // Other test files may be at the package manager too.
  const apt = (...args: string[]): number | null =>
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=240', ...args], options).status;
  if (apt(...install) !== 0 && apt('update') === 0) apt(...install);
  return programs.every(isHere) ? false : `${packages.join(' and ')} could not be installed`;
}

function isHere(program: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, program)));
}
