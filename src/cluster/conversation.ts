import { randomBytes } from 'node:crypto';
import type { Admission } from './admission.js';
import type { Heard } from './dispatch-event.js';
import type { Hello, Probed } from './message.gen.js';
import type { MasterEvent } from './master-event.js';
import type { MasterRun } from './master-run.js';
import type { Lacks } from './need.js';
import type { Peer } from './peer.js';
import { decode, PROTOCOL } from './protocol.js';
import type { Header, Message } from './protocol.js';

/** What the master says of itself, and who acts on what agents say. */
export interface ConversationOptions {
  readonly run: MasterRun;
  readonly version: string;
  readonly epoch: number;
  readonly onEvent: (event: MasterEvent) => void;
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
        peer.send('HBACK', {});
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
    const refusal = whyRefused(hello, version);
    if (refusal !== undefined) {
      onEvent({ type: 'agent-refused', agent: hello.name, reason: refusal });
      peer.send('REJECT', { code: 'VERSION', text: refusal });
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
    const { onEvent } = this.#options;
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
    const admitted = await admission.admit(hello, (questions) => {
      peer.send('PROBE', { ...questions, id });
      return answer;
    });
    peer.probing = undefined;
    this.#probed.delete(peer);
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
    const known = run.state.agents.has(session);
    if (peer.session === session && known) {
      // Said twice on one connection: its tasks may still be on the way to it.
      run.dispatch({ type: 'heard', session, held, resting });
    } else {
      if (peer.session !== undefined) this.lose(peer);
      run.bind(peer, session);
      run.dispatch({ type: 'joined', session, name, slots, held, lacks, resting });
    }
    if (!known) onEvent({ type: 'agent-joined', agent: name, session, pilot, pid, slots });
    const heartbeatMs = run.state.agents.get(session)?.heartbeatMs;
    if (heartbeatMs === undefined) return;
    const said = notes.length === 0 ? {} : { notes: [...notes] };
    peer.send('WELCOME', { protocol: PROTOCOL.max, version, epoch, heartbeatMs, ...said });
  }

  #refuse(peer: Peer, error: { readonly code: string; readonly text: string }): void {
    this.refusedMessages += 1;
    if (!peer.refused) this.#options.onEvent({ type: 'message-refused', text: error.text });
    peer.refused = true;
    peer.send('ERR', { code: error.code, text: error.text });
  }
}

function heartbeatOf({
  held,
  resting,
  returned,
}: Header<'HB'>): Pick<Heard, 'held' | 'resting' | 'returned'> {
  return { held, resting, returned };
}

function whyRefused(hello: Hello, version: string): string | undefined {
  const { name, protocol } = hello;
  if (protocol.min > PROTOCOL.max || protocol.max < PROTOCOL.min) {
    return (
      `${name} speaks protocol ${protocol.min} to ${protocol.max}, ` +
      `the master ${PROTOCOL.min} to ${PROTOCOL.max}; install the same version on both`
    );
  }
  if (hello.version === version) return undefined;
  return `${name} runs version ${hello.version}, the master ${version}; install the same on both`;
}
