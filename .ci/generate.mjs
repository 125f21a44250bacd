// Writes what is derived from other files of the repository:
// - src/codecs/registry.gen.ts from the codec files,
// - the codec definitions in schemas/manifest.schema.json from the codecs' option schemas,
// - a *.gen.ts with the types of each schema.
// `--check` writes none of them and exits 1 when one is stale.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compile } from 'json-schema-to-typescript';
import * as prettier from 'prettier';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const typeFiles = [
  { schema: 'manifest', type: 'ManifestFile', target: 'src/manifest/manifest-file.gen.ts' },
  { schema: 'plan', type: 'PlanFile', target: 'src/plan/plan-file.gen.ts' },
  { schema: 'shard', type: 'ShardFile', target: 'src/plan/shard-file.gen.ts' },
  { schema: 'event', type: 'EventLine', target: 'src/report/event-line.gen.ts' },
  { schema: 'message', type: 'Messages', target: 'src/cluster/message.gen.ts' },
];

const check = process.argv.includes('--check');
const stale = [];

const names = codecNames(/^(Encoder|Copy|Analyse)Codec$/);
const familyNames = codecNames(/^CodecFamily$/);
await put('src/codecs/registry.gen.ts', registryText(names, familyNames));
const manifest = withCodecs(
  readSchema('manifest'),
  await loadCodecs(names),
  await loadCodecs(familyNames),
);
await put(schemaFile('manifest'), JSON.stringify(manifest));
for (const { schema, type, target } of typeFiles) {
  if (!existsSync(join(root, schemaFile(schema)))) continue;
  await put(
    target,
    await typesOf(schema === 'manifest' ? manifest : readSchema(schema), schema, type),
  );
}
await put('README.md', withCodecTable(await loadCodecs(names)));
if (check && stale.length > 0) {
  console.error(`stale, run "npm run generate":\n${stale.map((file) => `  ${file}\n`).join('')}`);
  process.exitCode = 1;
}

/** A codec file exports a const of its own name with such a type; the others are not codecs. */
function codecNames(type) {
  const folder = join(root, 'src/codecs');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.gen.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .filter((name) => {
      const text = readFileSync(join(folder, `${name}.ts`), 'utf8');
      const [, found = ''] = new RegExp(`^export const ${name}: (\\w+) = `, 'm').exec(text) ?? [];
      return type.test(found);
    })
    .sort(byCodeUnit);
}

function registryText(codecs, families) {
  const imports = [...codecs, ...families, 'codec'].sort(byCodeUnit);
  return `${imports
    .map((name) =>
      name === 'codec'
        ? `import type { Codec, CodecFamily } from './codec.js';`
        : `import { ${name} } from './${name}.js';`,
    )
    .join('\n')}

/** All codecs, by name. */
export const codecs: readonly Codec[] = [${codecs.join(', ')}];

/** Codecs with a name of two parts, by the first. */
export const families: readonly CodecFamily[] = [${families.join(', ')}];

export type CodecName = ${codecs.map((name) => `'${name}'`).join(' | ')};
`;
}

function byCodeUnit(a, b) {
  return a < b ? -1 : 1;
}

/** Compiles the codec files alone, so that this works before the generated files exist. */
async function loadCodecs(codecs) {
  mkdirSync(join(root, 'build'), { recursive: true });
  const folder = mkdtempSync(join(root, 'build', 'generate-'));
  try {
    const config = {
      extends: '../../tsconfig.json',
      compilerOptions: {
        composite: false,
        declaration: false,
        sourceMap: false,
        rootDir: '../../src',
        outDir: '.',
      },
      files: codecs.map((name) => `../../src/codecs/${name}.ts`),
      references: [],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { status } = spawnSync(process.execPath, [tsc, '-p', folder], { stdio: 'inherit' });
    if (status !== 0) throw new Error('the codec files do not compile');
    const modules = codecs.map(
      (name) => import(pathToFileURL(join(folder, 'codecs', `${name}.js`))),
    );
    return (await Promise.all(modules)).map((module, index) => module[codecs[index]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Puts names, summaries and option schemas of the codecs in place of the former ones. */
function withCodecs(schema, codecs, families) {
  const byHand = Object.entries(schema.definitions).filter(
    ([name]) => !/^codec(Name|Options)$|.Options$/.test(name),
  );
  const lines = [
    ...codecs.map((codec) => `${codec.name}: ${codec.summary}`),
    ...families.map((family) => `${family.name}:NAME: ${family.summary}`),
  ];
  const codecName = {
    description: `The codec. ${lines.join('; ')}.`,
    anyOf: [
      { enum: codecs.map((codec) => codec.name) },
      ...families.map((family) => ({ type: 'string', pattern: patternOf(family) })),
    ],
    examples: ['opus', 'mp3'],
  };
  const codecOptions = {
    allOf: [
      ...codecs.map(({ name }) => optionsOf(name, { const: name })),
      ...families.map((family) =>
        optionsOf(family.name, { type: 'string', pattern: patternOf(family) }),
      ),
    ],
  };
  const options = [...codecs, ...families].map((codec) => [
    `${codec.name}Options`,
    plain({ description: `Options of codec ${codec.name}.`, ...codec.options }),
  ]);
  const definitions = { ...Object.fromEntries(byHand), codecName, codecOptions };
  return { ...schema, definitions: { ...definitions, ...Object.fromEntries(options) } };
}

/** What the names of a family's members look like, in both spellings. */
function patternOf({ name, aliases }) {
  return `^(${[name, ...aliases].join('|')}):[A-Za-z0-9_]+$`;
}

/** "If codec is this one, then options are its own". */
function optionsOf(codec, is) {
  const [condition, consequence] = ['if', 'then'];
  return {
    [condition]: { required: ['codec'], properties: { codec: is } },
    [consequence]: { properties: { options: { $ref: `#/definitions/${codec}Options` } } },
  };
}

/** Descriptions are plain text: editors differ in what they do with back quotes. */
function plain(schema) {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    key === 'description' && typeof value === 'string' ? value.replaceAll('`', '"') : value,
  );
}

/** Where tags go and which pictures a kind of file takes, for people. */
function keptIn(codec) {
  if (codec.kind === 'copy') return ['the same', 'the same'];
  if (codec.kind === 'analyse') return ['none', 'none'];
  const pictures = { mp4: 'JPEG, PNG' };
  return ['all', pictures[codec.container] ?? 'all'];
}

/** What each codec makes and keeps, between the marks in the README. */
function withCodecTable(codecs) {
  const [begin, end] = ['<!-- codecs, by "npm run generate" -->', '<!-- end of codecs -->'];
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const at = [text.indexOf(begin), text.indexOf(end)];
  if (at[0] < 0 || at[1] < at[0])
    throw new Error('README.md has lost the marks of its codec table');
  const head = [
    'codec',
    'made by',
    'file',
    'channels',
    'bits',
    'tags',
    'pictures',
    'options (default)',
  ];
  const rows = codecs.map((codec) => {
    const makers = (codec.encoders ?? [codec]).map(({ programs }) => programs[0].name);
    const { channels = 'all', bits = 'all' } = codec.input ?? {};
    const options = Object.entries(codec.options.properties).map(([name, rule]) =>
      rule.default === undefined ? name : `${name} (${rule.default})`,
    );
    return [
      `\`${codec.name}\``,
      [...new Set(makers)].join(', or '),
      codec.extension === undefined ? 'the same' : `.${codec.extension}`,
      channels,
      bits,
      ...keptIn(codec),
      options.join(', ') || 'none',
    ];
  });
  const lines = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  return `${text.slice(0, at[0])}${begin}\n\n${lines.join('\n')}\n\n${text.slice(at[1])}`;
}

async function typesOf(schema, name, type) {
  return compile({ ...withoutConditions(schema), title: type }, type, {
    bannerComment: `// Generated from ${schemaFile(name)} by "npm run generate". Do not edit.`,
    cwd: join(root, 'schemas'),
    style: { singleQuote: true, printWidth: 100 },
  });
}

function onlyRequires(branch) {
  return Object.keys(branch).every((key) => key === 'required');
}

/** Drops what only narrows a type that stands beside it and would blur it in TypeScript. */
function withoutConditions(schema) {
  return JSON.parse(JSON.stringify(schema), (_key, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const { if: _if, then: _then, else: _else, ...kept } = value;
    for (const key of ['oneOf', 'anyOf']) {
      if (Array.isArray(kept[key]) && kept[key].every(onlyRequires)) delete kept[key];
    }
    if (kept.properties !== undefined && Array.isArray(kept.allOf)) delete kept.allOf;
    // A list beside a pattern: any text, as far as types go.
    if (Array.isArray(kept.anyOf) && kept.anyOf.some((branch) => 'pattern' in branch)) {
      const { anyOf: _anyOf, ...others } = kept;
      return { ...others, type: 'string' };
    }
    return kept;
  });
}

async function put(path, content) {
  const file = join(root, path);
  const text = await prettier.format(content, {
    ...(await prettier.resolveConfig(file)),
    filepath: file,
  });
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  if (check) stale.push(path);
  else writeFileSync(file, text);
}

function schemaFile(name) {
  return `schemas/${name}.schema.json`;
}

function readSchema(name) {
  return JSON.parse(readFileSync(join(root, schemaFile(name)), 'utf8'));
}
