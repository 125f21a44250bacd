import { validatorFor } from '../lib/schema-validator.js';
import { errorMessage } from '../lib/failure.js';
import { err, ok } from '../lib/result.js';
import type { Result } from '../lib/result.js';
import type { FinishedTask, LentTask } from './contract.js';
import type { Messages, ProtocolRange } from './message.gen.js';

/**
 * F2A/1: a message is two frames, a type and a JSON header. Members of a header that this version does
 * not know are ignored, and so are further frames; that leaves room for later versions.
 */
export const PROTOCOL: ProtocolRange = { min: 1, max: 1 };

/** No message is longer, frames together; sockets drop a peer that sends more. */
export const MAX_MESSAGE_BYTES: number = 1024 * 1024;

const MAX_HEADER_BYTES = 64 * 1024;
const MAX_TYPE_BYTES = 16;
/** A list that is longer is refused unread: the validator would describe each wrong member. */
const MAX_LIST = 4096;

/** The first frame of a message. */
export type MessageType = keyof Messages;

/** The schema's headers; where it describes values of this program's own types, those. */
interface Headers extends Omit<Messages, 'TASKS' | 'RESULT'> {
  readonly TASKS: { readonly tasks: readonly LentTask[] };
  readonly RESULT: { readonly results: readonly FinishedTask[] };
}

/** How long a header may be: batches fill a message, everything else is short. */
const HEADER_BYTES: Readonly<Record<MessageType, number>> = {
  HELLO: MAX_MESSAGE_BYTES,
  PROBE: MAX_MESSAGE_BYTES,
  PROBED: MAX_MESSAGE_BYTES,
  WELCOME: MAX_HEADER_BYTES,
  REJECT: MAX_HEADER_BYTES,
  TASKS: MAX_MESSAGE_BYTES,
  START: MAX_HEADER_BYTES,
  HB: MAX_HEADER_BYTES,
  HBACK: MAX_HEADER_BYTES,
  RESULT: MAX_MESSAGE_BYTES,
  ACK: MAX_HEADER_BYTES,
  STALE: MAX_HEADER_BYTES,
  CANCEL: MAX_HEADER_BYTES,
  DRAIN: MAX_HEADER_BYTES,
  BYE: MAX_HEADER_BYTES,
  SHUTDOWN: MAX_HEADER_BYTES,
  WHO: MAX_HEADER_BYTES,
  ERR: MAX_HEADER_BYTES,
};

/** The header that goes with a type. */
export type Header<Type extends MessageType> = NonNullable<Headers[Type]>;

/** A message that was found right. */
export type Message = {
  [Type in MessageType]: { readonly type: Type; readonly header: Header<Type> };
}[MessageType];

/** Why a message is refused; goes back to its sender as ERR. */
export interface DecodeError {
  readonly code: 'BAD_FRAMES' | 'UNKNOWN_TYPE' | 'TOO_LONG' | 'BAD_HEADER';
  readonly text: string;
}

/** A message that carries some of many items. */
export interface Batch<Item> {
  readonly frames: readonly string[];
  readonly items: readonly Item[];
}

/** Items divided over messages. */
export interface Batches<Item> {
  readonly batches: readonly Batch<Item>[];
  /** Items that fit into no message. */
  readonly tooLarge: readonly Item[];
}

/** The two frames of a message. */
export function encode<Type extends MessageType>(type: Type, header: Header<Type>): string[] {
  return [type, JSON.stringify(header)];
}

/** As few messages as the size limit allows, in the order of the items. */
export function encodeBatches<Item>(
  type: 'TASKS' | 'RESULT',
  items: readonly Item[],
): Batches<Item> {
  const key = type === 'TASKS' ? 'tasks' : 'results';
  const room = MAX_MESSAGE_BYTES - `{"${key}":[]}`.length;
  const batches: { texts: string[]; items: Item[] }[] = [];
  const tooLarge: Item[] = [];
  let bytes = Infinity;
  for (const item of items) {
    const json = JSON.stringify(item);
    const size = Buffer.byteLength(json) + 1;
    if (size > room) {
      tooLarge.push(item);
      continue;
    }
    if (bytes + size > room) {
      batches.push({ texts: [], items: [] });
      bytes = 0;
    }
    bytes += size;
    batches.at(-1)?.texts.push(json);
    batches.at(-1)?.items.push(item);
  }
  return {
    tooLarge,
    batches: batches.map((batch) => ({
      frames: [type, `{"${key}":[${batch.texts.join(',')}]}`],
      items: batch.items,
    })),
  };
}

/** Reads what came from the network. Never throws, whatever the bytes. */
export function decode(frames: readonly Uint8Array[]): Result<Message, DecodeError> {
  const [typeFrame, headerFrame] = frames;
  if (typeFrame === undefined || headerFrame === undefined) {
    return refuse('BAD_FRAMES', 'a message has two frames: type and header');
  }
  const type = typeFrame.length > MAX_TYPE_BYTES ? '' : text(typeFrame);
  if (!isType(type)) return refuse('UNKNOWN_TYPE', 'no such message type');
  const limit = HEADER_BYTES[type];
  if (headerFrame.length > limit) {
    return refuse('TOO_LONG', `${type}: the header has more than ${limit} bytes`);
  }
  return readHeader(type, headerFrame);
}

function isType(type: string): type is MessageType {
  return Object.hasOwn(HEADER_BYTES, type);
}

function readHeader(type: MessageType, frame: Uint8Array): Result<Message, DecodeError> {
  let header: unknown;
  try {
    header = JSON.parse(text(frame));
  } catch (error) {
    return refuse('BAD_HEADER', `${type}: ${errorMessage(error).slice(0, 200)}`);
  }
  if (hasEndlessList(header)) {
    return refuse('TOO_LONG', `${type}: a list has more than ${MAX_LIST} members`);
  }
  const validate = validatorFor(`message-${type}`);
  if (!validate(header)) {
    const first = validate.errors?.[0];
    const where = (first?.instancePath ?? '').slice(0, 200);
    return refuse('BAD_HEADER', `${type}: ${where} ${first?.message ?? 'is wrong'}`);
  }
  return ok({ type, header } as Message);
}

function hasEndlessList(header: unknown): boolean {
  if (typeof header !== 'object' || header === null) return false;
  return [header, ...Object.values(header)].some(
    (value) => Array.isArray(value) && value.length > MAX_LIST,
  );
}

function text(frame: Uint8Array): string {
  return Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('utf8');
}

function refuse(code: DecodeError['code'], message: string): Result<never, DecodeError> {
  return err({ code, text: message });
}
