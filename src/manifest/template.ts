import type { Result } from '../lib/result.js';
import { err, ok } from '../lib/result.js';

/** A stretch of text, or the name of what is put in its place. */
export type TemplatePiece = { readonly text: string } | { readonly placeholder: string };

/** Takes `{albumartist}/{title}` apart. `{{` and `}}` are plain braces; a lone brace is an error. */
export function parseTemplate(template: string): Result<readonly TemplatePiece[], string> {
  const pieces: TemplatePiece[] = [];
  for (const [part, placeholder] of template.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[^{}]+|[{}]/g)) {
    if (placeholder !== undefined) pieces.push({ placeholder });
    else if (part === '{' || part === '}') {
      return err(`"${part}" stands alone: write "${part}${part}" for a brace`);
    } else pieces.push({ text: part === '{{' || part === '}}' ? part.charAt(0) : part });
  }
  return ok(pieces);
}
