// Runs the built tests, as many files at once as there are CPUs: `node --test` by itself leaves one idle.
// Arguments are the folders of build/spec to run; none: all.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const folders = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  [
    '--test',
    `--test-concurrency=${availableParallelism()}`,
    '--test-reporter=spec',
    ...(folders.length === 0 ? ['build/spec/'] : folders.map((name) => `build/spec/${name}`)),
  ],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;
