declare const brand: unique symbol;

/** A string that must not be mixed with other strings: `Brand<string, 'Sha256'>`. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** An absolute, lexically normal path. */
export type AbsolutePath = Brand<string, 'AbsolutePath'>;

/** A SHA-256 digest, 64 lower-case hexadecimal digits. */
export type Sha256 = Brand<string, 'Sha256'>;
