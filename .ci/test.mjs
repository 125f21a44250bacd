// Runs the built tests. Arguments are folders or files of build/spec; none: all of them.
// Files that take long come first, and there is one more at a time than there are CPUs, because many of
// them wait: for a lease to run out, for an encoder, for a disk. Of files that are done in no time most is
// the start of a process each, so a few processes run them all.
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Beginnings of names; the files that take longest by name, so that none of them ends alone. */
const LONG_FIRST = `
  e2e/corpus run/crash task/ffmpeg-encoders task/inputs e2e/tags task/lossless run/model
  faults e2e task run ledger
`.match(/\S+/g);

/** Folders of such files. Each of them is a suite, which has hooks of its own. */
const TOGETHER = 'cli cluster codecs lib manifest monitor plan providers report sources'.split(' ');
const CPUS = availableParallelism();

const root = join(dirname(dirname(fileURLToPath(import.meta.url))), 'build', 'spec');
const asked = process.argv.slice(2);
const files = (asked.length === 0 ? [''] : asked)
  .flatMap((name) => testFiles(join(root, name)))
  .toSorted((a, b) => rank(a) - rank(b));
const isShort = (file) => TOGETHER.some((folder) => file.startsWith(join(root, folder, '/')));

run({
  files: [...files.filter((file) => !isShort(file)), ...together()],
  concurrency: CPUS + 1,
})
  .on('test:fail', ({ todo }) => {
    if (todo === undefined || todo === false) process.exitCode = 1;
  })
  .compose(spec)
  .pipe(process.stdout);

function testFiles(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join(path, name));
}

function rank(file) {
  const at = LONG_FIRST.findIndex((name) => file.startsWith(join(root, name)));
  return at < 0 ? LONG_FIRST.length : at;
}

/** Files that run the short ones, dealt out in turn. */
function together() {
  const shares = Array.from({ length: CPUS }, () => []);
  for (const [index, file] of files.filter(isShort).entries()) shares[index % CPUS].push(file);
  return shares
    .filter((share) => share.length > 0)
    .map((share, index) => {
      const suites = share.map((file) => {
        const name = JSON.stringify(relative(root, file));
        return `suite(${name}, () => import(${JSON.stringify(pathToFileURL(file).href)}));`;
      });
      const path = join(root, `together-${index}.mjs`);
      writeFileSync(path, ["import { suite } from 'node:test';", ...suites, ''].join('\n'));
      return path;
    });
}
