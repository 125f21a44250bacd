import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { systemClock } from '#src/lib/clock.js';
import { validatorFor } from '#src/lib/schema-validator.js';
import { Monitor } from '#src/monitor/monitor.js';
import { findRun, watchRun } from '#src/monitor/watch.js';
import type { RunEvent } from '#src/report/event.js';
import type { RunState } from '#src/report/event-line.gen.js';
import { runState, taskDone, taskStarted } from '../support/events.js';
import { parseMetrics, valueOf } from '../support/prometheus.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const started: RunEvent = { type: 'apply-started', run: 'r1', tasks: 2, audioSeconds: 500 };
const isEvent = validatorFor('event');

function makeMonitor(context: TestContext): {
  readonly monitor: Monitor;
  readonly told: RunEvent[];
} {
  const told: RunEvent[] = [];
  const emit = (event: RunEvent): void => void told.push(event);
  const monitor = new Monitor({ clock: systemClock, version: '1.2.3', emit });
  context.after(() => monitor.close(0));
  return { monitor, told };
}

async function served(monitor: Monitor, port = 0): Promise<number> {
  const taken = await monitor.serveMetrics(port);
  if (!taken.ok) throw new Error(taken.error.message);
  return taken.value;
}

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  readonly type: string | undefined;
}

function ask(
  port: number,
  path: string,
  { method = 'GET', host = `127.0.0.1:${port}` } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({
      port,
      path,
      method,
      host: '127.0.0.1',
      headers: { host },
      agent: false,
    });
    asked.once('error', reject);
    asked.once('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.once('end', () =>
        resolve({ status: response.statusCode, body, type: response.headers['content-type'] }),
      );
    });
    asked.end();
  });
}

test('metrics, health and workers on a free port, which is told', async (context) => {
  const { monitor, told } = makeMonitor(context);
  const port = await served(monitor);
  const [notice] = told;
  assert.ok(notice?.type === 'notice' && notice.text.includes(`http://127.0.0.1:${port}/metrics`));
  monitor.take(started);
  monitor.take({ type: 'agent-joined', agent: 'nas', slots: 2 });
  monitor.take(taskStarted('nas/1', 'a'));
  const metrics = await ask(port, '/metrics');
  assert.equal(metrics.type, 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(valueOf(parseMetrics(metrics.body), 'flac2all_agent_busy_slots'), 1);
  assert.deepEqual(await ask(port, '/healthz?x=1').then(({ status, body }) => [status, body]), [
    200,
    'ok\n',
  ]);
  const workers = await ask(port, '/workers.json');
  assert.equal(workers.type, 'application/json');
  const state = JSON.parse(workers.body) as RunState;
  assert.ok(isEvent(state), JSON.stringify(isEvent.errors));
  assert.equal(state.agents[0]?.working[0]?.output, '/music/out/a.opus');
});

test('foreign host names, other methods and other paths are refused', async (context) => {
  const { monitor } = makeMonitor(context);
  const port = await served(monitor);
  const status = async (path: string, how: { method?: string; host?: string }): Promise<unknown> =>
    (await ask(port, path, how)).status;
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1.evil.example',
    'localhost@x',
  ]) {
    assert.equal(await status('/metrics', { host }), 421, host);
  }
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, '[::1]:1', 'LOCALHOST']) {
    assert.equal(await status('/metrics', { host }), 200, host);
  }
  for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']) {
    assert.equal(await status('/metrics', { method }), 405, method);
  }
  for (const path of ['/', '/live', '/metrics/', '/../etc/passwd']) {
    assert.equal(await status(path, {}), 404, path);
  }
});

test('a port in use is a clear failure', async (context) => {
  const port = await served(makeMonitor(context).monitor);
  const second = await makeMonitor(context).monitor.serveMetrics(port);
  assert.ok(!second.ok);
  assert.equal(second.error.code, 'METRICS_PORT_FAILED');
  assert.equal(second.error.message, `cannot serve metrics on 127.0.0.1:${port}: it is in use`);
});

test('a run can be watched from its publication to its end, with its exit code', async (context) => {
  const directory = temporaryFolder(context);
  const { monitor } = makeMonitor(context);
  assert.deepEqual(await findRun(directory), { kind: 'none' });
  const withdraw = monitor.publish(directory);
  monitor.take(started);
  const found = await until(async () => {
    const run = await findRun(directory);
    return run.kind === 'run' ? run : undefined;
  });
  assert.equal(statSync(join(directory, 'live.json')).mode & 0o777, 0o600);
  const states: RunState[] = [];
  const watched = watchRun(
    found.stream,
    (state) => states.push(state),
    new AbortController().signal,
  );
  await until(() => states[0]);
  monitor.take(taskDone('a'));
  await until(() => states.find(({ done }) => done === 1));
  await withdraw();
  await monitor.close(3);
  const last = await watched;
  assert.ok(last.ok);
  assert.equal(last.value.exitCode, 3);
  assert.ok(states.every((state) => isEvent(state)));
  assert.deepEqual(readdirSync(directory), []);
});

test('a run that was over at once publishes nothing', async (context) => {
  const directory = temporaryFolder(context);
  const { monitor } = makeMonitor(context);
  await monitor.publish(directory)();
  assert.ok(!existsSync(join(directory, 'live.json')));
});

test('what a killed run left behind, or another machine or nonsense wrote, is no run', async (context) => {
  const directory = temporaryFolder(context);
  const write = (text: string): void => writeFileSync(join(directory, 'live.json'), text);
  const address = { host: hostname(), pid: 1, socket: join(directory, 'gone') };
  write(JSON.stringify(address));
  assert.deepEqual(await findRun(directory), { kind: 'none' });
  for (const text of ['', '{', 'null', '[]', '{"host":1}']) {
    write(text);
    assert.deepEqual(await findRun(directory), { kind: 'none' }, text);
  }
  write(JSON.stringify({ ...address, host: 'elsewhere.example' }));
  const there = await findRun(directory);
  assert.ok(there.kind === 'unreachable' && there.why.includes('elsewhere.example'));
});

test('a run that is gone without a last word is told as lost, not as ended', async () => {
  const line = `${JSON.stringify(runState({ stage: 'converting', tasks: 3, done: 1 }))}\n`;
  const { signal } = new AbortController();
  for (const text of [line, `${line}{"type":"run-st`, '']) {
    const states: RunState[] = [];
    const stream = Readable.from([Buffer.from(text)], { objectMode: false });
    const watched = await watchRun(stream, (state) => states.push(state), signal);
    assert.ok(!watched.ok && watched.error.code === 'RUN_LOST');
    assert.equal(states.length, text === '' ? 0 : 1);
  }
});

/** Asks until there is an answer; the test's own time limit ends it. */
async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await systemClock.sleep(5);
  }
}
