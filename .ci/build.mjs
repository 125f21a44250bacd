// Compiles the projects that are named (none: all), and then what would cost each start of the program again:
// - dist/validators/*.cjs: the JSON Schemas, and those of the codecs' options, as code (by Ajv),
// - dist/bin: the commands and their threads with the packages that they use, each a few files instead of
//   hundreds (by esbuild), and the licences of those packages. zeromq comes with a file of its own for each system.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const FOR_NODE = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  absWorkingDir: root,
};
const load = (path) => import(pathToFileURL(join(dist, path)).href);

const tsc = join(root, 'node_modules/typescript/bin/tsc');
const compiled = spawnSync(process.execPath, [tsc, '-b', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);
const [inputs] = await Promise.all([bundle(), compileSchemas(), onDemand()]);
writeFileSync(join(dist, 'bin/LICENSES.txt'), licencesOf(inputs));

async function compileSchemas() {
  const { readSchema } = await load('lib/schema-validator.js');
  const { sharedSchema } = await load('manifest/validate.js');
  const { codecs, families } = await load('codecs/registry.gen.js');
  const { properties, definitions } = readSchema('message');
  const forPeople = {
    shared: sharedSchema(),
    ...Object.fromEntries(
      ['manifest', 'plan', 'shard', 'event'].map((name) => [name, readSchema(name)]),
    ),
  };
  const forMessages = Object.fromEntries([
    ...Object.entries(properties).map(([type, form]) => [
      `message-${type}`,
      { ...form, definitions },
    ]),
    ...[...codecs, ...families].map(({ name, options }) => [`options-${name}`, options]),
  ]);
  const folder = join(dist, 'validators');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  // People are told everything that is wrong, with the value and the rule; of a message, the first.
  write(folder, forPeople, { allErrors: true, verbose: true });
  write(folder, forMessages, {});
}

function write(folder, schemas, options) {
  const rules = { strict: true, strictTypes: false, strictRequired: false, discriminator: true };
  const ajv = new Ajv({ ...rules, ...options, code: { source: true, lines: true } });
  for (const [name, schema] of Object.entries(schemas)) {
    const code = standalone.default(ajv, ajv.compile({ ...schema, $id: undefined }));
    writeFileSync(join(folder, `${name}.cjs`), code);
  }
}

/** Packages that are loaded in the midst of things, by `require`: not each Node takes modules there. */
async function onDemand() {
  await build({
    entryPoints: ['string-width'],
    outfile: join(dist, 'packages/string-width.cjs'),
    format: 'cjs',
    ...FOR_NODE,
  });
}

/** Flat, so that what is beside a module or two folders above it is there from each of these files. */
async function bundle() {
  const outdir = join(dist, 'bin');
  rmSync(outdir, { recursive: true, force: true });
  const threads = readdirSync(join(dist, 'lib')).filter((name) => name.endsWith('-thread.js'));
  const { metafile } = await build({
    entryPoints: [
      join(dist, 'cli/main.js'),
      join(dist, 'cli/worker-main.js'),
      ...threads.map((name) => join(dist, 'lib', name)),
    ],
    outdir,
    entryNames: '[name]',
    splitting: true,
    external: ['zeromq'],
    format: 'esm',
    // Packages in the older form of modules ask for those of Node by it.
    banner: {
      js: "import { createRequire as forPackages } from 'node:module';\nconst require = forPackages(import.meta.url);",
    },
    metafile: true,
    ...FOR_NODE,
  });
  return Object.keys(metafile.inputs);
}

/** Those of the packages that the files are of. */
function licencesOf(files) {
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []);
  return [...new Set(folders)]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((folder) => {
      const { name, version, license } = JSON.parse(
        readFileSync(join(root, folder, 'package.json')),
      );
      const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? '' : readFileSync(join(root, folder, file), 'utf8');
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
