import type { Container } from '../codecs/codec.js';
import { codecOf } from '../codecs/codecs.js';
import type { Attempt } from './attempt.js';
import { problem, writeProblem } from './problem.js';
import type { Problem } from './problem.js';
import { tagContent } from './tag-content.js';
import type { TagContent } from './tag-content.js';
import { tagFile, tagWarnings } from './tag.js';

/** Writes the source's tags into the part file; `undefined`: done. */
export async function tagOutput(
  attempt: Attempt,
  container: Container,
): Promise<Problem | undefined> {
  const { part, recipe } = attempt.task;
  try {
    const tagged = await tagFile(part, {
      container,
      content: contentFor(attempt, container),
      recipe: recipe.tags,
    });
    if (tagged.ok) return undefined;
    const text = `${part}: tags cannot be written: ${tagged.error}`;
    return problem({ class: 'input', code: 'TAG_FAILED', text });
  } catch (error) {
    return writeProblem(error, part);
  }
}

/** What of the source's tags does not reach the output. */
export function lostTags(attempt: Attempt): readonly string[] {
  const codec = codecOf(attempt.task.recipe.audio);
  if (codec?.kind !== 'encode') return [];
  const content = contentFor(attempt, codec.container);
  return tagWarnings({ container: codec.container, content, recipe: attempt.task.recipe.tags });
}

/** A cue sheet counts in samples: it is only true where the sample rate stays what it was. */
function contentFor(attempt: Attempt, container: Container): TagContent {
  const content = tagContent(attempt.inspection.flac, container);
  const limit = attempt.task.recipe.audio.limits.sampleRate ?? Infinity;
  return limit < attempt.inspection.pcm.sampleRate ? { ...content, cueSheet: undefined } : content;
}
