// Run after `npm install` changed package-lock.json. A registry mirror may lack the binaries of other
// platforms; npm then leaves them out of the lock file, and `npm ci` refuses it everywhere. This adds
// an entry for each that is named as an optional dependency, and takes out registry addresses.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));

for (const entry of Object.values(lock.packages)) delete entry.resolved;
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    const platform =
      /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|x64|ia32|ppc64|riscv64|s390x)(?:-?(\w+))?$/.exec(
        name,
      );
    if (lock.packages[path] !== undefined || platform === null) continue;
    const [, os, cpu, abi] = platform;
    const libc = os === 'linux' ? { libc: [abi?.startsWith('musl') ? 'musl' : 'glibc'] } : {};
    lock.packages[path] = {
      version,
      cpu: [cpu],
      ...(parent.dev ? { dev: true } : {}),
      ...libc,
      optional: true,
      os: [os],
    };
  }
}
const { '': self, ...others } = lock.packages;
const sorted = Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = { '': self, ...Object.fromEntries(sorted) };
writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
