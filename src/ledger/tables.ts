import { sha256Of } from '../lib/checksum.js';
import { canonicalJson } from '../lib/json.js';
import type { Recipe } from '../manifest/manifest.js';

const DIGEST_DIGITS = 16;

/**
 * What many rows have in common. On disk rows refer to it by digest; in memory they share one object
 * or string, so that a million rows hold a handful of recipes.
 */
export class Tables {
  readonly #recipes = new Map<string, Recipe>();
  readonly #encoders = new Map<string, string>();
  readonly #recipeDigests = new WeakMap<Recipe, string>();
  readonly #encoderDigests = new Map<string, string>();
  readonly #strings = new Map<string, string>();

  recipe(digest: string): Recipe | undefined {
    return this.#recipes.get(digest);
  }

  encoder(digest: string): string | undefined {
    return this.#encoders.get(digest);
  }

  /** The digest that stands for the recipe; from now on the table knows it. */
  recipeDigest(recipe: Recipe): string {
    const known = this.#recipeDigests.get(recipe);
    if (known !== undefined) return known;
    const digest = digestOf(canonicalJson(recipe));
    this.#recipeDigests.set(recipe, digest);
    if (!this.#recipes.has(digest)) this.#recipes.set(digest, recipe);
    return digest;
  }

  /** The one object that stands for all equal recipes. */
  shareRecipe(recipe: Recipe): Recipe {
    return this.#recipes.get(this.recipeDigest(recipe)) ?? recipe;
  }

  encoderDigest(encoder: string): string {
    const known = this.#encoderDigests.get(encoder);
    if (known !== undefined) return known;
    const digest = digestOf(encoder);
    this.#encoderDigests.set(encoder, digest);
    this.#encoders.set(digest, encoder);
    return digest;
  }

  /** The one copy of a string that repeats. */
  shareString(text: string): string {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    this.#strings.set(text, text);
    return text;
  }

  /** The tables as the root file holds them. */
  toJson(): TablesJson {
    return {
      recipes: Object.fromEntries(this.#recipes),
      encoders: Object.fromEntries(this.#encoders),
    };
  }

  /** Takes in the tables of a root file. */
  addAll(tables: TablesJson): void {
    for (const recipe of Object.values(tables.recipes)) this.recipeDigest(recipe);
    for (const encoder of Object.values(tables.encoders)) this.encoderDigest(encoder);
  }
}

/** Values by their digest. */
export interface TablesJson {
  readonly recipes: Readonly<Record<string, Recipe>>;
  readonly encoders: Readonly<Record<string, string>>;
}

function digestOf(text: string): string {
  return sha256Of(text).slice(0, DIGEST_DIGITS);
}
