import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matcher } from '#src/lib/glob.js';
import type { PictureRecipe } from '#src/manifest/manifest.js';
import { folderPictures, picturePatterns } from '#src/plan/folder-pictures.js';
import {
  folderPictureId,
  NO_FOLDER_PICTURE,
  OWN_PICTURE,
  withFolderPicture,
} from '#src/sources/folder-picture.js';
import {
  entry,
  fileOf,
  opusRecipe,
  outputSet,
  plan,
  rows,
  source,
  stat,
  tags,
} from '../support/plan-case.js';

function setWith(pictures: PictureRecipe) {
  const { profile } = outputSet();
  const recipe = { ...opusRecipe, tags: { ...opusRecipe.tags, pictures } };
  return outputSet({ profile: { ...profile, recipe } });
}

const set = setWith({ fromFolder: ['cover.jpg', 'Folder.png'] });
const file = (rel: string, size = 5) => source(rel, { stat: stat(size) });

test('the first name that is in the folder wins, whatever its case', () => {
  const files = ['a/COVER.JPG', 'a/folder.png', 'b/x/cover.jpg', 'b/folder.PNG', 'cover.jpg'].map(
    (rel) => file(rel),
  );
  const find = folderPictures(set, files);
  const found = ['a/1.flac', 'b/1.flac', 'b/x/1.flac', 'c/1.flac', '1.flac'].map(
    (rel) => find(rel)?.rel,
  );
  assert.deepEqual(found, ['a/COVER.JPG', 'b/folder.PNG', 'b/x/cover.jpg', undefined, 'cover.jpg']);
  assert.equal(folderPictures(outputSet(), files)('a/1.flac'), undefined);
});

test('a scan finds names with characters that patterns know', () => {
  for (const name of ['cover.jpg', '[front] (1).jpg', '{a,b}.png', 'what?!*.gif', 'a+(b).jpg']) {
    const patterns = picturePatterns(setWith({ fromFolder: [name] }));
    assert.ok(matcher(patterns)(`x/${name}`), name);
    assert.ok(matcher(patterns)(name), name);
    assert.ok(!matcher(patterns)('x/a.jpg'), name);
  }
});

/** The plan of one output whose row says this of its tags, with this cover beside its source now. */
function planned(recorded: string, cover?: ReturnType<typeof file>, recipe = set.profile.recipe) {
  const row = entry('a.flac', { recipe });
  const tagged = { ...row, source: { ...row.source, tagId: recorded as typeof row.source.tagId } };
  const wish = { output: row.path, set, source: source('a.flac'), sidecar: false };
  const desired = cover === undefined ? wish : { ...wish, folderPicture: cover };
  const made = plan({
    outputs: [set],
    desired: [desired],
    entries: [tagged],
    disk: [fileOf(tagged)],
  });
  return made.changes.map(({ action, reasons }) => [action, ...reasons.map(({ text }) => text)]);
}

const cover = file('cover.jpg');
const own = withFolderPicture(tags('t1'), OWN_PICTURE);
const none = withFolderPicture(tags('t1'), NO_FOLDER_PICTURE);
const covered = withFolderPicture(tags('t1'), folderPictureId(cover));
const RETAG = [['retag', 'tags changed: pictures']];

test('a cover that is the recorded one, or none as recorded, leaves the output as it is', () => {
  assert.deepEqual(planned(covered, cover), []);
  assert.deepEqual(planned(none), []);
});

test('a cover that appears, differs or goes retags', () => {
  assert.deepEqual(planned(none, cover), RETAG);
  assert.deepEqual(planned(covered, file('cover.jpg', 6)), RETAG);
  assert.deepEqual(planned(covered, file('Cover.jpg')), RETAG);
  assert.deepEqual(planned(covered), RETAG);
});

test('a source with a cover of its own does not heed the folder', () => {
  assert.deepEqual(planned(own, cover), []);
  assert.deepEqual(planned(own), []);
});

test('rows without such a part are as good as ever where no folder counts', () => {
  const row = entry('a.flac');
  assert.deepEqual(
    rows(plan({ sources: [source('a.flac')], entries: [row], disk: [fileOf(row)] })),
    [],
  );
});

test('a profile that begins to look into folders says so and nothing else is lost', () => {
  const [action, ...reasons] = planned(tags('t1'), cover, opusRecipe)[0] ?? [];
  assert.equal(action, 'retag');
  assert.deepEqual(reasons, [
    'tags changed: pictures',
    'tag option changed: pictures.fromFolder default -> ["cover.jpg","Folder.png"]',
  ]);
});
