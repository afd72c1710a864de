/** A cluster and its Prometheus on a clock that stands still. */
import { onTestFinished } from 'vitest';
import { createWorldClock } from '../../../src/sandbox/clock.ts';
import { startClusterBox } from '../../../src/sandbox/cluster/box.ts';
import { readClusterSeed } from '../../../src/sandbox/cluster/seed.ts';
import { createFaults } from '../../../src/sandbox/faults.ts';
import { createJournal } from '../../../src/sandbox/journal.ts';
import { startPrometheusBox } from '../../../src/sandbox/prometheus/box.ts';

export const startAt = Date.UTC(2026, 10, 18, 9);
export const token = 'prometheus-token-of-a-test';

export async function prometheusWorld() {
  const clock = createWorldClock({ mode: 'still', startAt });
  const context = { clock, faults: createFaults(), journal: createJournal(), port: 0 };
  const seed = readClusterSeed();
  // A month is lived through for the oldest of them only: two days are enough for every test here.
  const young = <One>(one: One) => ({ ...one, ageDays: 2 });
  const cluster = await startClusterBox({
    ...context,
    seed: { ...seed, namespaces: seed.namespaces.map(young), workloads: seed.workloads.map(young) },
  });
  const box = await startPrometheusBox({ ...context, cluster, token });
  onTestFinished(async () => {
    await box.stop();
    await cluster.stop();
  });
  const ask = async (path: string, parameters: Readonly<Record<string, string>>) => {
    const response = await fetch(`${box.url}/api/v1/${path}?${new URLSearchParams(parameters)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return {
    clock,
    cluster,
    box,
    faults: context.faults,
    ask,
    /** The value of the only series, at this moment. */
    async value(query: string): Promise<number> {
      const { body } = await ask('query', { query });
      const { result } = body.data as { result: { value: [number, string] }[] };
      return Number(result[0]?.value[1]);
    },
  };
}
