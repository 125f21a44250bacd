import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#src/lib/clock.js';
import type { Clock } from '#src/lib/clock.js';
import { startLocalAgent } from '#src/providers/local-agent.js';
import type { LocalAgent } from '#src/providers/local-agent.js';
import { fakeTasks, MasterRig } from '../cluster/rig.js';

const ENTRY = fileURLToPath(new URL('../cluster/agent-process.js', import.meta.url));
const PARENT = fileURLToPath(new URL('parent-process.js', import.meta.url));

/** Nobody waits for a backoff. */
const hasty: Clock = { ...systemClock, sleep: (_ms, signal) => systemClock.sleep(1, signal) };

function start(mode: string, endpoint: string, env: Record<string, string> = {}): LocalAgent {
  return startLocalAgent({ entry: ENTRY, args: [mode, endpoint], clock: systemClock, env });
}

/** Encoders connect here, so that their end is an event. */
async function encoderSocket(): Promise<{
  readonly path: string;
  readonly next: () => Promise<Socket>;
  readonly close: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'f2a-test-'));
  const path = join(folder, 's');
  const server: Server = createServer().listen(path);
  await once(server, 'listening');
  return {
    path,
    next: async () => {
      const [socket] = (await once(server, 'connection')) as [Socket];
      return socket.resume();
    },
    close: async () => {
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

describe('the local agent', () => {
  test('works, and ends well with the run', async (t) => {
    const rig = await MasterRig.make(t);
    const agent = start('work', rig.endpoint);
    assert.equal((await rig.run(fakeTasks(50))).done, 50);
    assert.ok((await agent.ended).ok);
    await agent.stop();
  });

  test('kill -9: is started again, and its encoders die with it', async (t) => {
    const rig = await MasterRig.make(t);
    const encoders = await encoderSocket();
    const agent = start('encode', rig.endpoint, { ENCODER_SOCKET: encoders.path });
    const running = rig.run(fakeTasks(1), { timing: { reconnectMs: 50, tickMs: 20 } });
    const encoder = await encoders.next();
    const pid = agent.pid();
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    await once(encoder, 'close');
    const again = await encoders.next();
    assert.notEqual(agent.pid(), pid);
    rig.abort.abort();
    await once(again, 'close');
    assert.equal((await running).remaining, 1);
    assert.ok((await agent.ended).ok);
    await encoders.close();
  });

  test('stop: the agent and its encoders are gone', async (t) => {
    const rig = await MasterRig.make(t);
    const encoders = await encoderSocket();
    const agent = start('encode', rig.endpoint, { ENCODER_SOCKET: encoders.path });
    const running = rig.run(fakeTasks(1));
    const encoder = await encoders.next();
    const closed = once(encoder, 'close');
    await agent.stop();
    await closed;
    assert.equal(agent.pid(), undefined);
    rig.abort.abort();
    await running;
    await encoders.close();
  });

  test('kill -9 of its parent: the agent and its encoders are gone', async (t) => {
    const rig = await MasterRig.make(t);
    const encoders = await encoderSocket();
    const running = rig.run(fakeTasks(1));
    const env = { ...process.env, ENCODER_SOCKET: encoders.path };
    const args = [PARENT, ENTRY, 'encode', rig.endpoint];
    const parent = spawn(process.execPath, args, { env, stdio: 'inherit' });
    const encoder = await encoders.next();
    const closed = once(encoder, 'close');
    parent.kill('SIGKILL');
    await closed;
    await rig.seen('agent-left');
    rig.abort.abort();
    assert.equal((await running).remaining, 1);
    await encoders.close();
  });

  test('dies five times in a row: given up, with what it said last', async () => {
    const agent = startLocalAgent({ entry: ENTRY, args: ['broken'], clock: hasty });
    const ended = await agent.ended;
    assert.equal(ended.ok, false);
    assert.equal(!ended.ok && ended.error.code, 'AGENT_LOST');
    assert.match(ended.ok ? '' : ended.error.message, /5 times.*exit code 3: no such module/s);
  });

  test('a task that kills every agent fails, and the run ends', async (t) => {
    const rig = await MasterRig.make(t);
    const agent = start('wait', rig.endpoint);
    const running = rig.run(fakeTasks(1), { timing: { reconnectMs: 50, tickMs: 20 } });
    for (let life = 1; life <= 3; life += 1) {
      await rig.seen('task-started', life);
      process.kill(agent.pid() ?? 0, 'SIGKILL');
    }
    const report = await running;
    assert.equal(report.failed, 1);
    assert.equal(rig.failures[0]?.failed.code, 'WORKERS_LOST');
    assert.equal(rig.leases.length, 3);
    await agent.stop();
  });
});

test('when the agent is given up the run fails its tasks and ends', async (t) => {
  const rig = await MasterRig.make(t);
  const agent = startLocalAgent({ entry: ENTRY, args: ['broken'], clock: hasty });
  const running = rig.run(fakeTasks(3));
  const ended = await agent.ended;
  assert.ok(!ended.ok);
  rig.exhausted.abort(ended.error);
  assert.equal((await running).failed, 3);
  assert.match(rig.failures[0]?.failed.text ?? '', /no such module/);
});
