import assert from 'node:assert/strict';
import { rmSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { failedWith } from '../support/fake-worker.js';
import { Story } from '../support/story.js';

const OPUS = { codec: 'opus', to: './out/opus', prune: true } as const;
const MP3 = { codec: 'mp3', to: './out/mp3', prune: true } as const;

function library(context: TestContext): Story {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS, MP3] });
  story.track('good.flac', { audio: 1 });
  story.track('bad.flac', { audio: 2 });
  story.plant('in/text.flac', 'no music');
  story.plant('in/cut.flac', 'fLaC');
  return story;
}

const work = ({ source: { path } }: { readonly source: { readonly path: string } }) =>
  path.endsWith('bad.flac') ? failedWith('a wrong CRC') : undefined;

test('unreadable sources are failures, one for each source and set, and no tasks', async (context) => {
  const story = library(context);
  const { report, events } = await story.apply({ work });
  const { sources, tasks, done, failed, unreadable, failures, sets } = report.summary;
  assert.deepEqual(
    { sources, tasks, done, failed, unreadable },
    {
      sources: 4,
      tasks: 4,
      done: 2,
      failed: 2,
      unreadable: 4,
    },
  );
  assert.equal(failures.length, 6);
  assert.deepEqual(
    failures
      .filter(({ action }) => action === 'error')
      .map(({ code, output, text }) => [code, output, text]),
    ['opus', 'mp3'].flatMap((set) => [
      ['TRUNCATED_HEADER', story.path(`out/${set}/cut.${set}`), wrongWith(story, 'cut')],
      ['NOT_FLAC', story.path(`out/${set}/text.${set}`), wrongWith(story, 'text')],
    ]),
  );
  assert.deepEqual(
    sets.map((set) => [set.set, set.count, set.failed, set.unreadable]),
    [
      ['opus', 1, 1, 2],
      ['mp3', 1, 1, 2],
    ],
  );
  assert.equal(events.filter(({ type }) => type === 'task-failed').length, 2);
});

test('they are told again by a run that has nothing to do', async (context) => {
  const story = library(context);
  await story.apply({ work });
  const { report } = await story.apply({ work });
  const { tasks, failed, unreadable, failures } = report.summary;
  assert.deepEqual([tasks, failed, unreadable, failures.length], [0, 0, 4, 4]);
});

test('they put no deletes off', async (context) => {
  const story = library(context);
  await story.apply();
  rmSync(story.path('in/good.flac'));
  const { report } = await story.apply();
  assert.deepEqual([report.summary.deleted, report.summary.unreadable], [2, 4]);
});

test('a run without them says nothing of them', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [OPUS] });
  story.track('good.flac');
  const { report } = await story.apply();
  assert.ok(!('unreadable' in report.summary) && !('warnings' in report.summary));
});

test('of a folder that two source sets share a problem is told and counted once', async (context) => {
  const story = new Story(context);
  story.manifest({
    sources: {
      a: { path: './in', include: ['a*.flac'] },
      b: { path: './in', include: ['b*.flac'] },
    },
    outputs: [
      { ...OPUS, from: 'a' },
      { ...MP3, from: 'b' },
    ],
  });
  story.track('a.flac');
  story.track('b.flac');
  symlinkSync('..', story.path('in/loop'));
  const { report, events } = await story.apply();
  assert.equal(events.filter(({ type }) => type === 'scan-problem').length, 1);
  assert.equal(report.unresolved, 1);
});

test('a problem is told once although what stands there is adopted in between', async (context) => {
  const story = new Story(context);
  story.manifest({ outputs: [{ codec: 'copy', to: './out' }] });
  story.track('a.flac');
  symlinkSync('..', story.path('in/loop'));
  await story.apply();
  rmSync(story.path('.flac2all'), { recursive: true });
  const { events } = await story.apply({ adoptUnmanaged: true });
  assert.equal(events.filter(({ type }) => type === 'plan-ready').length, 2, 'planned twice');
  assert.equal(events.filter(({ type }) => type === 'scan-problem').length, 1);
});

function wrongWith(story: Story, name: string): string {
  const path = story.path(`in/${name}.flac`);
  const why = {
    cut: 'the file ends before its metadata does (4 bytes)',
    text: 'not FLAC: a text file',
  }[name];
  return `${path}: ${why}`;
}
