import { randomBytes } from 'node:crypto';
import type { Clock } from '../lib/clock.js';
import type { Admission } from './admission.js';
import type { Heard } from './dispatch-event.js';
import { holdsKey } from './key-proof.js';
import type { HeartbeatAnswer, Hello, Probed, Reject } from './message.gen.js';
import type { MasterEvent } from './master-event.js';
import type { MasterRun } from './master-run.js';
import type { Lacks } from './need.js';
import type { Door } from './open-socket.js';
import type { Peer } from './peer.js';
import { decode, PROTOCOL } from './protocol.js';
import type { Header, Message } from './protocol.js';

/** What the master says of itself, and who acts on what agents say. */
export interface ConversationOptions {
  readonly run: MasterRun;
  readonly version: string;
  readonly epoch: number;
  readonly onEvent: (event: MasterEvent) => void;
  /** Who may join through a guarded socket. */
  readonly door: Door | undefined;
  readonly clock: Clock;
  /** Looks at agents before they get work; without it every agent is taken as it is. */
  readonly admission?: Admission | undefined;
}

/** The master's side of the protocol: turns what peers say into events of the dispatcher. */
export class Conversation {
  refusedMessages = 0;
  /** The run is over: whoever says HELLO is sent home. */
  #closing = false;
  readonly #probed = new Set<Peer>();
  readonly #options: ConversationOptions;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** From now on whoever says HELLO is sent home; who is being looked at, too. */
  close(): void {
    this.#closing = true;
    for (const { probing } of this.#probed) probing?.take(undefined);
  }

  /** Takes any bytes; what makes no sense is counted and answered ERR. */
  take(peer: Peer, frames: readonly Uint8Array[]): void {
    if (peer.muted) this.refusedMessages += 1;
    else if (peer.quota.message(this.#options.clock.monotonic())) this.#read(peer, frames);
    else this.#mute(peer);
  }

  /** Sends those home whose key was revoked while they worked. */
  dropRevoked(): void {
    const { door, run } = this.#options;
    if (door === undefined) return;
    const revoked = new Map<string, boolean>();
    for (const peer of run.peers()) {
      const { key, session } = peer;
      if (key === undefined || session === undefined) continue;
      const gone = revoked.get(key) ?? !door.isAllowed(key);
      revoked.set(key, gone);
      if (!gone) continue;
      peer.send('REJECT', { code: 'KEY', text: 'its key was revoked' });
      this.#dismiss(session, 'its key was revoked');
    }
  }

  #read(peer: Peer, frames: readonly Uint8Array[]): void {
    const decoded = decode(frames);
    if (decoded.ok) this.#answer(peer, decoded.value);
    else this.#refuse(peer, decoded.error);
  }

  /** The connection ended. */
  lose(peer: Peer): void {
    peer.probing?.take(undefined);
    if (peer.session === undefined) return;
    this.#options.run.dispatch({ type: 'disconnected', session: peer.session });
  }

  #answer(peer: Peer, message: Message): void {
    const { session } = peer;
    if (message.type === 'HELLO') this.#greet(peer, message.header);
    else if (message.type === 'ERR') this.refusedMessages += 1;
    else if (message.type === 'PROBED') this.#takeProbed(peer, message.header);
    else if (session === undefined) peer.send('WHO', {});
    else this.#listen(peer, { session, message });
  }

  #listen(
    peer: Peer,
    { session, message }: { readonly session: string; readonly message: Message },
  ): void {
    const { run } = this.#options;
    switch (message.type) {
      case 'HB':
        run.dispatch({ type: 'heard', session, ...heartbeatOf(message.header) });
        peer.send('HBACK', this.#heartbeat(session));
        return;
      case 'START':
        for (const start of message.header.started) {
          run.dispatch({ type: 'started', session, ...start });
        }
        for (const attempt of message.header.encoded ?? []) {
          run.dispatch({ type: 'encoded', session, attempt });
        }
        return;
      case 'RESULT':
        for (const { task, attempt, token, slot, outcome } of message.header.results) {
          run.dispatch({ type: 'reported', session, task, attempt, token, slot, outcome });
        }
        return;
      case 'BYE':
        run.dispatch({ type: 'left', session, ...message.header });
        return;
      default:
        this.#refuse(peer, { code: 'WRONG_WAY', text: `an agent does not say ${message.type}` });
    }
  }

  #greet(peer: Peer, hello: Hello): void {
    const { onEvent, version } = this.#options;
    const refusal = this.#whyUnknown(peer, hello) ?? whyRefused(hello, version);
    if (refusal !== undefined) {
      onEvent({ type: 'agent-refused', agent: hello.name, reason: refusal.text });
      peer.send('REJECT', refusal);
    } else if (this.#closing) {
      peer.send('SHUTDOWN', {});
    } else {
      this.#admit(peer, hello);
    }
  }

  /** Who is known has been looked at. Says HELLO again while it is: that changes nothing. */
  #admit(peer: Peer, hello: Hello): void {
    const { run, admission } = this.#options;
    if (run.state.agents.has(hello.session) || admission === undefined) {
      this.#welcome(peer, hello, { lacks: new Map(), notes: [] });
    } else if (peer.isLocal) {
      this.#welcome(peer, hello, { lacks: admission.ofOwn(hello), notes: [] });
    } else if (peer.probing === undefined) {
      run.track(this.#inspect(peer, hello, admission));
    }
  }

  async #inspect(peer: Peer, hello: Hello, admission: Admission): Promise<void> {
    const { onEvent, run } = this.#options;
    const id = randomBytes(16).toString('hex');
    let isGone = false;
    const answer = new Promise<Probed | undefined>((resolve) => {
      peer.probing = {
        id,
        take: (probed) => {
          isGone ||= probed === undefined;
          resolve(probed);
        },
      };
    });
    this.#probed.add(peer);
    const holdsSomething = hello.held.length > 0;
    if (holdsSomething) run.dispatch({ type: 'expecting' });
    const admitted = await admission.admit(hello, (questions) => {
      peer.send('PROBE', { ...questions, id });
      return answer;
    });
    peer.probing = undefined;
    this.#probed.delete(peer);
    // No look at the deadlines comes between this and the welcome.
    if (holdsSomething) run.dispatch({ type: 'expected' });
    if (this.#closing) {
      peer.send('SHUTDOWN', {});
    } else if (admitted === undefined || isGone) {
      return;
    } else if ('refused' in admitted) {
      const { code, text } = admitted.refused;
      onEvent({ type: 'agent-refused', agent: hello.name, reason: text });
      peer.send('REJECT', { code, text });
    } else {
      this.#welcome(peer, hello, admitted);
      for (const text of admitted.notes) onEvent({ type: 'agent-noted', agent: hello.name, text });
    }
  }

  #takeProbed(peer: Peer, probed: Probed): void {
    if (peer.probing?.id === probed.id) peer.probing.take(probed);
    else this.#refuse(peer, { code: 'WRONG_PROBE', text: 'nobody asked for this answer' });
  }

  #welcome(
    peer: Peer,
    hello: Hello,
    { lacks, notes }: { readonly lacks: Lacks; readonly notes: readonly string[] },
  ): void {
    const { run, version, epoch, onEvent } = this.#options;
    const { session, name, pilot, slots, held, pid, resting } = hello;
    peer.key = hello.proof?.key;
    const known = run.state.agents.has(session);
    if (peer.session === session && known) {
      // Said twice on one connection: its tasks may still be on the way to it.
      const attempts = held.map(({ attempt }) => attempt);
      run.dispatch({ type: 'heard', session, held: attempts, resting });
    } else {
      if (peer.session !== undefined) this.lose(peer);
      run.bind(peer, session);
      run.dispatch({ type: 'joined', session, name, slots, held, lacks, resting });
    }
    if (!known) onEvent({ type: 'agent-joined', agent: name, session, pilot, pid, slots });
    const { heartbeatMs } = this.#heartbeat(session);
    if (heartbeatMs === undefined) return;
    const { orphanMs, stallMs } = run.state.options.timing;
    const limits = { heartbeatMs, orphanMs, stallMs };
    const said = notes.length === 0 ? {} : { notes: [...notes] };
    peer.send('WELCOME', { protocol: PROTOCOL.max, version, epoch, ...limits, ...said });
  }

  /** Behind a door a session belongs to a key, so that it ends with it. */
  #whyUnknown(peer: Peer, { proof, session }: Hello): Reject | undefined {
    const { door, run } = this.#options;
    if (!peer.guarded || door === undefined) return undefined;
    const owner = run.peerOf(session);
    if (owner !== undefined && owner.key !== proof?.key) {
      return { code: 'SESSION', text: 'the session is of another worker' };
    }
    const { secretKey } = door.key;
    if (
      proof !== undefined &&
      holdsKey(proof, { secretKey, session }) &&
      door.isAllowed(proof.key)
    ) {
      return undefined;
    }
    return { code: 'KEY', text: "the master does not know this worker's key (any more)" };
  }

  #heartbeat(session: string): HeartbeatAnswer {
    const ms = this.#options.run.state.agents.get(session)?.toldHeartbeatMs;
    return ms === undefined ? {} : { heartbeatMs: ms };
  }

  #mute(peer: Peer): void {
    peer.muted = true;
    this.refusedMessages += 1;
    const text = 'a peer sends too many messages: nothing from it is read any more';
    this.#options.onEvent({ type: 'message-refused', text });
    if (peer.session !== undefined) this.#dismiss(peer.session, 'sends too many messages');
  }

  #dismiss(session: string, reason: string): void {
    this.#options.run.dispatch({ type: 'left', session, reason, returned: [], running: 0 });
  }

  #refuse(peer: Peer, error: { readonly code: string; readonly text: string }): void {
    this.refusedMessages += 1;
    if (!peer.refused) this.#options.onEvent({ type: 'message-refused', text: error.text });
    peer.refused = true;
    if (peer.quota.nonsense()) peer.send('ERR', { code: error.code, text: error.text });
    else this.#mute(peer);
  }
}

function heartbeatOf({
  held,
  resting,
  returned,
}: Header<'HB'>): Pick<Heard, 'held' | 'resting' | 'returned'> {
  return { held, resting, returned };
}

function whyRefused(hello: Hello, version: string): Reject | undefined {
  const { name, protocol } = hello;
  if (protocol.min > PROTOCOL.max || protocol.max < PROTOCOL.min) {
    const text =
      `${name} speaks protocol ${protocol.min} to ${protocol.max}, ` +
      `the master ${PROTOCOL.min} to ${PROTOCOL.max}; install the same version on both`;
    return { code: 'VERSION', text };
  }
  if (hello.version === version) return undefined;
  const text = `${name} runs version ${hello.version}, the master ${version}; install the same on both`;
  return { code: 'VERSION', text };
}
