import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { isSomebodyAt } from '#src/cluster/somebody.js';
import { fakeTasks, MasterRig } from './rig.js';

/** Listens on a port of this machine; returns its endpoint. */
async function listener(t: TestContext, take: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    take(socket);
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('somebody at an endpoint', () => {
  test('is who says anything, or at least listens', async (t) => {
    assert.ok(await isSomebodyAt(await listener(t, (socket) => void socket.write('hello'))));
    assert.ok(await isSomebodyAt(await listener(t, () => undefined), 50));
    assert.ok(await isSomebodyAt('ipc:///tmp/x'));
  });

  test('is not who hangs up at once, nor a port where nobody listens', async (t) => {
    assert.ok(!(await isSomebodyAt(await listener(t, (socket) => socket.end()))));
    assert.ok(!(await isSomebodyAt('tcp://127.0.0.1:1')));
  });
});

test('a worker waits behind a forwarder for a master that is not there yet', async (t) => {
  const rig = await MasterRig.make(t);
  const calls = new EventEmitter();
  let target: number | undefined;
  const endpoint = await listener(t, (near) => {
    calls.emit('call');
    if (target === undefined) return near.destroy();
    const far = connect(target, '127.0.0.1').on('error', () => undefined);
    return near.pipe(far).pipe(near);
  });
  const agent = rig.agent({ endpoint });
  for (let call = 0; call < 15; call += 1) {
    const rejected = agent.then(({ text }) => assert.fail(text));
    await Promise.race([once(calls, 'call'), rejected]);
  }
  const running = rig.run(fakeTasks(3), { endpoints: ['tcp://127.0.0.1:*'] });
  const { endpoint: master } = await rig.seen('listening');
  target = Number(master.slice(master.lastIndexOf(':') + 1));
  assert.equal((await running).done, 3);
  assert.equal((await agent).reason, 'shutdown');
});
