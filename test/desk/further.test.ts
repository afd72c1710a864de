/** Further answers at the desk: checked where the rest is, filled up, bound to the questions they answer, kept for one. */
import { describe, expect, test } from 'vitest';
import type { InputSchema } from '../../src/core/input-schema.ts';
import { inputSchemaOf } from '../../src/schemas/input-schema.ts';
import { type DeskWorld, dana, deskWorld, priya, sam, value } from './desk-world.ts';

const askOwners = `
  - id: workflows
    on: workflow.run
    require: { from: owners, because: it is theirs }
`;

const day = 86_400_000;

function schemaOf(document: unknown): InputSchema {
  const outcome = inputSchemaOf(document);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.mistakes));
  return outcome.value;
}

/** From now on the workflow asks for this. */
function asks(world: DeskWorld, document: unknown): void {
  const { catalog } = world.outside;
  const known = catalog.workflows['reindex-search'];
  if (!known) throw new Error('the shipped catalog has no workflow');
  const inputs = schemaOf(document);
  world.outside.catalog = { ...catalog, workflows: { 'reindex-search': { ...known, inputs } } };
}

async function opened(): Promise<DeskWorld> {
  const world = await deskWorld(askOwners);
  Object.assign(world.outside.forge, {
    defaultBranch: async () => 'main',
    resolve: async () => ({ sha: 'c1', title: '', author: '', authorEmail: '', url: '', as: 'branch' }),
    hasWorkflow: async () => true,
  });
  return world;
}

function ask(world: DeskWorld, values: Readonly<Record<string, unknown>>) {
  return world.desk.submit({
    key: 'one',
    action: 'workflow.run',
    input: { workflow: 'reindex-search', values },
    requester: priya,
    origin: { surface: 'command' },
  });
}

async function approved(world: DeskWorld) {
  const { id } = value(await ask(world, { index: 'products' }));
  await world.desk.decide(id);
  value(await world.review(id, sam));
  expect((await world.request(id)).status).toBe('approved');
  return id;
}

describe('further answers', () => {
  test('are refused at their fields, and a workflow that asks for nothing takes nothing', async () => {
    const world = await opened();
    expect(await ask(world, { index: 'product' })).toMatchObject({
      ok: false,
      problem: {
        code: 'bad_input',
        fields: { 'values.index': expect.stringContaining('did you mean "products"') },
      },
    });
    expect(await ask(world, {})).toMatchObject({ problem: { fields: { 'values.index': 'is needed' } } });
    expect(await ask(world, { index: 'products', sudo: 'yes' })).toMatchObject({ ok: false });
    expect(await ask(world, { index: 'products', greenlight_request: 'REQ-1' })).toMatchObject({ ok: false });
  });

  test('stand in the request with their defaults, as the policy and the approvers see them', async () => {
    const world = await opened();
    const { input } = value(await ask(world, { index: 'products' }));
    expect(input).toEqual({
      workflow: 'reindex-search',
      values: { index: 'products', batch_size: 500, dry_run: true },
    });
  });

  test('approved for other questions are not started: people are asked again', async () => {
    const world = await opened();
    const id = await approved(world);
    // The same values fit, but a default says something else now.
    asks(world, {
      properties: {
        index: { type: 'string' },
        batch_size: { type: 'integer' },
        dry_run: { type: 'boolean', title: 'Drop everything first' },
      },
    });
    world.startRunner();
    await world.pass(1000);
    const request = await world.request(id);
    expect(request.status).toBe('waiting');
    expect(request.steps.every(({ state }) => state === 'pending')).toBe(true);
  });

  test('that no longer fit end the request with a sentence', async () => {
    const world = await opened();
    const id = await approved(world);
    asks(world, { properties: { index: { enum: ['other'] } }, required: ['index'] });
    world.startRunner();
    await world.pass(1000);
    expect(await world.request(id)).toMatchObject({
      status: 'failed',
      problem: { code: 'plan_changed', sentence: expect.stringContaining('no longer fits') },
    });
  });
});

describe('a draft', () => {
  test('is its owner’s alone, and gone after a day', async () => {
    const world = await opened();
    value(await world.desk.saveDraft('d1', dana, { name: 'x' }));
    expect(await world.desk.loadDraft('d1', dana)).toEqual({ ok: true, value: { name: 'x' } });
    for (const stolen of [await world.desk.loadDraft('d1', sam), await world.desk.saveDraft('d1', sam, {})]) {
      expect(stolen).toMatchObject({ ok: false, problem: { code: 'not_yours' } });
    }
    await world.clock.advance(day + 1);
    expect(await world.desk.loadDraft('d1', dana)).toEqual({ ok: true, value: undefined });
  });
});
