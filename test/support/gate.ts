import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { findProgram } from '#src/codecs/find-program.js';
import type { Run } from './rig.js';
import { plant, temporaryFolder } from './temporary-folder.js';

/** For the version, a program answers at once. */
const ASKED_FOR_VERSION = 'case "$1" in --version|-version) exec "$real" "$@";; esac';

/**
 * Stands in front of programs: each call waits, before anything is read or written, until the test
 * lets it through. So a test decides at which moment a source is decoded or encoded.
 */
export class Gate {
  /** For the program under test: PATH with the gate in front. */
  readonly env: Readonly<Record<string, string>>;
  readonly #bin: string;
  readonly #arrivals: Interface;
  readonly #calls: AsyncIterator<string>;
  readonly #go: number;

  private constructor(test: TestContext, bin: string) {
    this.#bin = bin;
    this.env = { PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
    const flags = constants.O_RDWR | constants.O_NONBLOCK;
    const socket = new Socket({ fd: openSync(join(bin, '.arrived'), flags), readable: true });
    this.#arrivals = createInterface({ input: socket });
    this.#calls = this.#arrivals[Symbol.asyncIterator]();
    this.#go = openSync(join(bin, '.go'), flags);
    test.after(() => {
      this.#arrivals.close();
      socket.destroy();
      closeSync(this.#go);
    });
  }

  /** A gate in front of these programs, shut. */
  static async before(test: TestContext, ...programs: readonly string[]): Promise<Gate> {
    const bin = temporaryFolder(test);
    for (const fifo of ['.arrived', '.go']) {
      const made = spawnSync('mkfifo', ['-m', '666', join(bin, fifo)]);
      if (made.status !== 0) throw new Error(`no FIFO: ${String(made.stderr)}`);
    }
    for (const program of programs) {
      const real = await findProgram(program, process.env['PATH']);
      const script = [
        '#!/bin/sh',
        `real='${real ?? program}'`,
        ASKED_FOR_VERSION,
        `echo "$*" >>'${join(bin, '.calls')}'`,
        `echo "$$" >'${join(bin, '.arrived')}'`,
        `read -r _ <'${join(bin, '.go')}'`,
        'exec "$real" "$@"',
      ];
      chmodSync(plant(bin, program, `${script.join('\n')}\n`), 0o755);
    }
    return new Gate(test, bin);
  }

  /** The process id of the next call that waits at the gate; rejects when the run ends before. */
  async arrival({ finished }: Pick<Run, 'finished'>): Promise<number> {
    const call = this.#calls.next();
    const ended = finished.then(({ code, stdout, stderr }) => {
      throw new Error(`nobody came to the gate; exit ${code}:\n${stderr}\n${stdout.slice(-3000)}`);
    });
    const { value } = await Promise.race([call, ended]);
    return Number(value);
  }

  /** The arguments of each call so far. */
  get calls(): readonly string[] {
    const file = join(this.#bin, '.calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  }

  /** Lets so many calls through, those to come included. */
  open(calls = 1): void {
    writeSync(this.#go, '\n'.repeat(calls));
  }
}
