import assert from 'node:assert/strict';
import { rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { ChecksumThreads } from '#src/lib/checksum-threads.js';
import { sha256Of } from '#src/lib/checksum.js';
import { nodeDisk } from '#src/lib/node-disk.js';
import type { VerifyOptions } from '#src/run/verify.js';
import { verifyOutputs } from '#src/run/verify.js';
import { Story } from '../support/story.js';

async function verified(story: Story, options: Partial<VerifyOptions> = {}) {
  const report = await verifyOutputs(await story.loaded(), {
    disk: nodeDisk,
    deep: false,
    ...options,
  });
  if (!report.ok) assert.fail(report.error.message);
  const findings = report.value.findings.map(
    ({ kind, output }) => `${kind} ${output.slice(story.root.length + 1)}`,
  );
  return { ...report.value, findings };
}

async function applied(context: TestContext): Promise<Story> {
  const story = new Story(context);
  story.manifest({
    outputs: [{ codec: 'opus', to: './out', prune: true }],
    policy: { trash: '30d' },
  });
  for (const name of ['a', 'b', 'c']) story.track(`A/${name}.flac`);
  await story.apply();
  return story;
}

test('changed and missing outputs are named; what is only touched is not', async (context) => {
  const story = await applied(context);
  assert.deepEqual((await verified(story, { deep: true })).findings, []);
  utimesSync(story.path('out/A/a.opus'), 1, 1);
  writeFileSync(story.path('out/A/b.opus'), 'edited');
  rmSync(story.path('out/A/c.opus'));
  const wanted = ['changed out/A/b.opus', 'missing out/A/c.opus'];
  assert.deepEqual((await verified(story)).findings, wanted);
  assert.deepEqual((await verified(story, { deep: true, atOnce: 4 })).findings, wanted);
});

test('only --deep sees what a disk has lost without a trace', async (context) => {
  const story = await applied(context);
  const wrong = (): Promise<never> => Promise.reject(new Error('EIO: i/o error'));
  assert.deepEqual((await verified(story, { sha256: wrong })).findings, []);
  const deep = await verified(story, { deep: true, sha256: wrong });
  assert.equal(deep.findings.filter((text) => text.startsWith('unreadable')).length, 3);
});

test('foreign files are found in every folder, part files and links too; the trash is ours', async (context) => {
  const story = await applied(context);
  rmSync(story.path('in/A/c.flac'));
  await story.apply();
  story.plant('out/A/note.txt', 'foreign');
  story.plant('out/B/deep/.a.opus.1.f2a-part', 'part');
  symlinkSync('/nowhere', story.path('out/link'));
  const { findings, checked } = await verified(story, { foreign: true });
  assert.deepEqual(findings, [
    'foreign out/A/note.txt',
    'foreign out/B/deep/.a.opus.1.f2a-part',
    'foreign out/link',
  ]);
  assert.equal(checked, 2);
});

test('a subset of the outputs is looked at, and no more', async (context) => {
  const story = await applied(context);
  rmSync(story.path('out/A/a.opus'));
  rmSync(story.path('out/A/b.opus'));
  const select = (path: string): boolean => path.endsWith('a.opus');
  const { findings, checked, outputs } = await verified(story, { select });
  assert.deepEqual(
    { findings, checked, outputs },
    { findings: ['missing out/A/a.opus'], checked: 1, outputs: 3 },
  );
});

test('threads checksum as this one does, and tell what cannot be read', async (context) => {
  const story = await applied(context);
  await using threads = new ChecksumThreads(2);
  const contents = ['one', 'two', 'three', ''];
  const sums = await Promise.all(
    contents.map((content, at) => threads.sha256(story.plant(`file${at}`, content))),
  );
  assert.deepEqual(
    sums,
    contents.map((content) => sha256Of(content)),
  );
  await assert.rejects(threads.sha256(story.path('nothing')), /ENOENT/);
});
