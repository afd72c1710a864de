/** The whole sandbox on a still clock, as a test begins with it. */
import { onTestFinished } from 'vitest';
import { connectSandbox, type Sandbox as SandboxClient } from '../../src/sandbox/client.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { manifest } from './slack/world.ts';

export const startAt = Date.parse('2026-11-21T09:00:00Z');

export interface WholeSandbox {
  readonly world: Sandbox;
  readonly client: SandboxClient;
}

export async function wholeSandbox(): Promise<WholeSandbox> {
  const world = await startSandbox({
    ports: { slack: 0, github: 0, cluster: 0 },
    manifest: manifest(),
    clock: createWorldClock({ mode: 'still', startAt }),
  });
  onTestFinished(() => world.stop());
  return { world, client: connectSandbox(world.url) };
}
