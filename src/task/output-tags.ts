import type { Container } from '../codecs/codec.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { PictureRecipe } from '../manifest/manifest.js';
import type { Picture } from '../sources/flac-metadata.js';
import type { Attempt } from './attempt.js';
import { chooseFields } from './choose-fields.js';
import { neededCover, readCover } from './cover.js';
import type { Cover } from './cover.js';
import { fitPicture } from './fit-picture.js';
import { openPictureProgram } from './picture-program.js';
import { cancelled } from './problem.js';
import type { Problem } from './problem.js';
import { brokenGains } from './replay-gain.js';
import { lostTags, tagContent, withCueField } from './tag-content.js';
import type { TagContent } from './tag-content.js';
import { tagWarnings } from './tag.js';

/** What an output's tags shall say, and what of the source does not reach them. */
export interface OutputTags {
  readonly content: TagContent;
  readonly warnings: readonly string[];
}

/** The most that a PICTURE block of FLAC holds, less its own header. */
const MAX_COVER_BYTES = 2 ** 24 - 1024;

/** Puts the tags of an output together: fields by the profile, pictures found, brought down, or none. */
export async function outputTags(
  attempt: Attempt,
  container: Container,
): Promise<Result<OutputTags, Problem>> {
  const recipe = attempt.task.recipe.tags;
  const { flac } = attempt.inspection;
  const cueAsField = container !== 'flac' || isResampled(attempt);
  const source = cueAsField ? withCueField(flac) : flac;
  const { pictures: own, ...rest } = tagContent(source, container, recipe);
  const made = await outputPictures(own, attempt);
  if (!made.ok) return made;
  const { pictures, warnings } = made.value;
  const content = { ...rest, pictures };
  const gains = brokenGains(chooseFields(flac.comments, recipe)).map(
    ({ name, value }) => `${name} is left out: "${value}" is no gain`,
  );
  const lost = lostTags(flac, { cue: cueAsField });
  return ok({
    content,
    warnings: [...lost, ...gains, ...warnings, ...tagWarnings({ container, content, recipe })],
  });
}

function isResampled({ task, inspection }: Attempt): boolean {
  return (task.recipe.audio.limits.sampleRate ?? Infinity) < inspection.pcm.sampleRate;
}

interface Pictures {
  readonly pictures: readonly Picture[];
  readonly warnings: readonly string[];
}

async function outputPictures(
  own: readonly Picture[],
  attempt: Attempt,
): Promise<Result<Pictures, Problem>> {
  const recipe = attempt.task.recipe.tags.pictures;
  if (recipe === undefined) return ok({ pictures: own, warnings: [] });
  if (recipe.embed === false) return ok({ pictures: [], warnings: [] });
  const file = neededCover(attempt);
  const cover: Result<Cover, Problem> = file === undefined ? ok({}) : await readCover(file);
  if (!cover.ok) return cover;
  const { picture, warning } = cover.value;
  const fitted = await fitAll(picture === undefined ? own : [picture, ...own], recipe, attempt);
  if (!fitted.ok) return fitted;
  const { pictures, warnings } = fitted.value;
  const [first] = pictures;
  if (picture === undefined || first === undefined || first.data.length <= MAX_COVER_BYTES) {
    return ok({ pictures, warnings: [...(warning === undefined ? [] : [warning]), ...warnings] });
  }
  const large = `${file?.path ?? ''} has over 16 MiB and is left out (pictures.maxSize makes it smaller)`;
  return ok({ pictures: pictures.slice(1), warnings: [large, ...warnings] });
}

async function fitAll(
  pictures: readonly Picture[],
  recipe: PictureRecipe,
  { signal, task }: Attempt,
): Promise<Result<Pictures, Problem>> {
  const untouched = recipe.maxSize === undefined && recipe.format === undefined;
  if (untouched || pictures.length === 0) return ok({ pictures, warnings: [] });
  const convert = await openPictureProgram(signal, task.source.path);
  if (!convert.ok) return convert;
  const fitted = [];
  for (const picture of pictures) fitted.push(await fitPicture(picture, recipe, convert.value));
  if (signal.aborted) return err(cancelled());
  return ok({
    pictures: fitted.map(({ picture }) => picture),
    warnings: fitted.flatMap(({ warning }) => warning ?? []),
  });
}
