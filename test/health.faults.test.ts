/** Somebody who reaches the health checks and means no good. */
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { ownHealth } from './own-health.ts';

test('a crowd that says nothing is let go within seconds, and whoever asks meanwhile is answered', async () => {
  const health = await ownHealth();
  const crowd = Array.from({ length: 100 }, async (_, index) => {
    const socket = connect(health.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    // Half of a question from every other one.
    if (index % 2 === 0) socket.write('GET /readyz HTTP/1.1\r\nhost: me\r\n');
    const began = performance.now();
    await new Promise((resolve) => socket.resume().once('close', resolve));
    return performance.now() - began;
  });
  expect((await fetch(`http://127.0.0.1:${health.port}/readyz`)).status).toBe(200);
  expect(Math.max(...(await Promise.all(crowd)))).toBeLessThan(8_000);
}, 90_000);
