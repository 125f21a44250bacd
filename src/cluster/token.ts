import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

/** The fencing token of an attempt lent to a session: nothing to store, and nobody else can make it. */
export type MakeToken = (task: string, attempt: string, session: string) => string;

/** Tokens under a master's secret; 32 hexadecimal digits. */
export function tokenMaker(secret: Uint8Array): MakeToken {
  const key = createSecretKey(secret);
  return (task, attempt, session) =>
    createHmac('sha256', key).update(`${task}\0${attempt}\0${session}`).digest('hex').slice(0, 32);
}

/** Compares without telling by its duration where two tokens differ. */
export function sameToken(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
