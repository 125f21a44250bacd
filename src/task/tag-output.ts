import type { Container } from '../codecs/codec.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { Attempt } from './attempt.js';
import { outputTags } from './output-tags.js';
import { problem, writeProblem } from './problem.js';
import type { Problem } from './problem.js';
import { tagFile } from './tag.js';

/** Writes the source's tags into the part file; returns what of them does not reach it, for people. */
export async function tagOutput(
  attempt: Attempt,
  container: Container,
): Promise<Result<readonly string[], Problem>> {
  const { part, recipe } = attempt.task;
  const tags = await outputTags(attempt, container);
  if (!tags.ok) return tags;
  const { content, warnings } = tags.value;
  try {
    const tagged = await tagFile(part, { container, content, recipe: recipe.tags });
    if (tagged.ok) return ok(warnings);
    const text = `${part}: tags cannot be written: ${tagged.error}`;
    return err(problem({ class: 'input', code: 'TAG_FAILED', text }));
  } catch (error) {
    return err(writeProblem(error, part));
  }
}
