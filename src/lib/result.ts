/** The outcome of something a user can make fail: a value, or a described error. */
export type Result<T, E> = Ok<T> | Err<E>;

/** A success. */
export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

/** A described failure. */
export interface Err<E> {
  readonly ok: false;
  readonly error: E;
}

/** Wraps a success. */
export function ok<T>(value: T): Ok<T> {
  return { ok: true, value };
}

/** Wraps a described failure. */
export function err<E>(error: E): Err<E> {
  return { ok: false, error };
}
