import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from '../support/temporary-folder.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const COPIED = [
  'README.md',
  'src',
  'schemas',
  '.ci',
  'package.json',
  'tsconfig.json',
  '.prettierrc.json',
];

const CODEC = `import type { EncoderCodec } from './codec.js';
import { flacProgram } from './programs.js';

/** Sound in sticks. */
export const stick: EncoderCodec = {
  name: 'stick',
  kind: 'encode',
  summary: 'sound in sticks',
  extension: 'stick',
  container: 'flac',
  input: { channels: 2 },
  programs: [flacProgram],
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      length: {
        type: 'integer',
        minimum: 1,
        default: 3,
        examples: [3],
        description: 'How long the sticks are.',
      },
    },
  },
  argv: ({ output }) => ['-o', output, '-'],
};
`;

it('a new codec is one new file, and what is generated from it', async (context) => {
  const root = temporaryFolder(context);
  for (const name of COPIED) cpSync(join(ROOT, name), join(root, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, 'src/codecs/stick.ts'), CODEC);
  node(root, '.ci/generate.mjs');
  node(root, '.ci/build.mjs', 'src');
  const schema = readFileSync(join(root, 'schemas/manifest.schema.json'), 'utf8');
  assert.match(schema, /"stickOptions"[^}]*Options of codec stick/);
  const manifest = join(root, 'flac2all.yaml');
  writeFileSync(manifest, 'version: 1\nsource: in\noutputs: [{ codec: stick, to: out }]\n');
  const { loadManifest } = (await import(
    pathToFileURL(join(root, 'dist/index.js')).href
  )) as typeof import('#src/index.js');
  const loaded = await loadManifest(manifest);
  assert.ok(loaded.ok, JSON.stringify(loaded));
  const [output] = loaded.value.outputs;
  assert.equal(output?.profile.extension, 'stick');
  assert.deepEqual(output.profile.recipe.audio.options, { length: 3 });
});

function node(cwd: string, ...args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  assert.equal(status, 0, `${args.join(' ')}\n${stdout}${stderr}`);
}
