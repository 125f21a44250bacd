import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { makeReporter } from '#src/report/reporter.js';
import type { ReporterOptions } from '#src/report/reporter.js';
import { everyEvent, taskFailed } from '../support/events.js';
import { FakeClock } from '../support/fake-clock.js';
import { moduleUrl } from '../support/module-url.js';
import { CapturedStream } from '../support/terminal.js';

interface Told {
  readonly out: string;
  readonly err: string;
}

async function tell(options: Partial<ReporterOptions>, isTTY = false): Promise<Told> {
  const stdout = new CapturedStream({ isTTY });
  const stderr = new CapturedStream({ isTTY });
  const reporter = await makeReporter({
    stdout,
    stderr,
    env: {},
    clock: new FakeClock(),
    version: '1',
    base: '/music',
    ...options,
  });
  for (const event of everyEvent()) reporter.report(event);
  reporter.close(3);
  return { out: stdout.text, err: stderr.text };
}

test('JSON goes before all else, alone on standard output', async () => {
  const { out, err } = await tell({ json: true, quiet: true }, true);
  assert.equal(err, '');
  for (const line of out.trimEnd().split('\n'))
    assert.doesNotThrow(() => JSON.parse(line) as unknown);
});

test('a terminal gets a live screen; not with -q, -v or TERM=dumb', async () => {
  const up = /\p{Cc}\[(?:\d+A|K)/u;
  assert.match((await tell({}, true)).err, up);
  assert.doesNotMatch((await tell({})).err, up);
  assert.doesNotMatch((await tell({ quiet: true }, true)).err, up);
  assert.doesNotMatch((await tell({ verbose: true }, true)).err, up);
  assert.doesNotMatch((await tell({ env: { TERM: 'dumb' } }, true)).err, up);
});

test('colour follows terminal, environment and wish', async () => {
  const red = /\p{Cc}\[31m/u;
  assert.match((await tell({ quiet: true }, true)).err, red);
  assert.doesNotMatch((await tell({ quiet: true, colour: false }, true)).err, red);
  assert.doesNotMatch((await tell({ quiet: true, env: { NO_COLOR: '1' } }, true)).err, red);
  assert.match((await tell({ quiet: true, env: { FORCE_COLOR: '1' } })).err, red);
  assert.match((await tell({ quiet: true, colour: true })).err, red);
});

test('after standard output is gone the run goes on, told once, and nothing more is written', async () => {
  const stdout = new CapturedStream();
  const errors: string[] = [];
  const reporter = await makeReporter({
    stdout,
    stderr: new CapturedStream(),
    env: {},
    clock: new FakeClock(),
    version: '1',
    base: '/music',
    json: true,
    onStdoutClosed: ({ message }) => errors.push(message),
  });
  stdout.emit('error', new Error('write EPIPE'));
  stdout.emit('error', new Error('write EPIPE again'));
  const written = stdout.writes.length;
  reporter.report(taskFailed('a'));
  reporter.close(3);
  assert.deepEqual(errors, ['write EPIPE']);
  assert.equal(stdout.writes.length, written);
});

test('"| head -1" ends without a stack trace', async () => {
  const script = `
    const { makeReporter } = await import(${moduleUrl('report/reporter')});
    const { systemClock: clock } = await import(${moduleUrl('lib/clock')});
    const { stdout, stderr } = process;
    let open = true;
    const onStdoutClosed = () => { open = false; };
    const reporter = await makeReporter({ stdout, stderr, env: {}, clock, version: '1', base: '/', json: true, onStdoutClosed });
    while (open) {
      reporter.report({ type: 'notice', level: 'info', code: 'X', text: 'x'.repeat(1000) });
      await new Promise((resolve) => setImmediate(resolve));
    }
    reporter.close(0);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = (await once(child, 'close')) as [number];
  assert.deepEqual({ code, err }, { code: 0, err: '' });
});
