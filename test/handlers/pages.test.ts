/** Further questions and forms of several pages, as people meet them: turned, gone back in, mended, sent. */
import { describe, expect, test } from 'vitest';
import { problem, refuse } from '../../src/core/problem.ts';
import type { ModalView } from '../../src/sandbox/protocol.ts';
import { inputSchemaOf } from '../../src/schemas/input-schema.ts';
import { world } from './world.ts';

const names = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot', 'golf', 'hotel', 'india', 'juliett'];
const more = ['kilo', 'lima', 'mike', 'november', 'oscar', 'papa', 'quebec', 'romeo', 'sierra', 'tango'];

const large = schemaOf({
  properties: {
    ...Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    shards: { type: 'integer', minimum: 1, maximum: 5 },
    ...Object.fromEntries(more.map((name) => [name, { type: 'string' }])),
    zones: { type: 'array', items: { enum: ['a', 'b', 'c'] } },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    rootPassword: { type: 'string' },
  },
  required: ['bravo', 'tango'],
});
const small = schemaOf({
  properties: { tls: { type: 'boolean', default: false }, size: { type: 'string', default: '1Gi' } },
  if: { properties: { tls: { const: true } }, required: ['tls'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { properties: { host: { type: 'string' } }, required: ['host'] },
});

async function open(largeNow = () => large) {
  const further = (_action: string, input: Readonly<Record<string, unknown>>) =>
    ({ postgres: largeNow(), 'web-service': small })[String(input.blueprint)];
  const stage = await world({ further });
  const dana = stage.sandbox.as('U0DANA');
  await dana.command('#platform-requests', '/env create');
  await dana.fill('Name', 'mine');
  return { ...stage, dana };
}

async function openLarge(largeNow?: () => typeof large) {
  const stage = await open(largeNow);
  await stage.dana.fill('Blueprint', 'Postgres');
  await stage.dana.waitFor({ kind: 'modal', contains: 'Page 1 of 3' });
  return stage;
}

const blockIds = (modal: ModalView | undefined) =>
  modal?.blocks.flatMap((block) => (block.type === 'input' ? [String(block.block_id)] : [])) ?? [];
const textOf = (modal: ModalView | undefined) => JSON.stringify(modal);

describe('further questions', () => {
  test('stand in the same form, and another blueprint asks its own', async () => {
    const { dana } = await open();
    const first = blockIds(await dana.seesModal());
    expect(first.some((id) => id.startsWith('field:values.size~'))).toBe(true);
    await dana.fill('Blueprint', 'Postgres');
    await dana.waitFor({ kind: 'modal', contains: 'Page 1 of 3' });
    expect(blockIds(await dana.seesModal()).some((id) => id.startsWith('field:values.size'))).toBe(false);
  });

  test('appear when their condition holds, and go when it no longer does', async () => {
    const { dana, desk } = await open();
    expect(blockIds(await dana.seesModal()).some((id) => id.startsWith('field:values.host'))).toBe(false);
    await dana.fill('Tls', ['Yes']);
    await dana.waitFor({ kind: 'element', label: 'Host' });
    await dana.fill('Host', 'shop.acme.example');
    await dana.submit();
    await dana.sees('mine', { in: '#platform-requests' });
    expect(desk.asked.at(-1)?.input.values).toEqual({ tls: true, size: '1Gi', host: 'shop.acme.example' });
  });

  test('are flags on the command line, with the nearest for a slip', async () => {
    const { sandbox, desk } = await open();
    const dana = sandbox.as('U0DANA');
    await dana.close();
    const line = '/env create mine --blueprint postgres --bravo b --tango t --zones a --zones c --shards 2';
    await dana.command('#platform-requests', `${line} --labels app=web,tier=front`);
    await dana.sees('mine', { in: '#platform-requests' });
    expect(desk.asked.at(-1)?.input.values).toEqual({
      bravo: 'b',
      tango: 't',
      zones: ['a', 'c'],
      shards: 2,
      labels: { app: 'web', tier: 'front' },
    });
    await dana.command('#platform-requests', '/env create mine --blueprint postgres --shard 2');
    await dana.sees('There is no --shard here. Did you mean "shards"?', { ephemeral: true });
    await dana.command('#platform-requests', '/env create mine --host x');
    await dana.sees('--host says nothing with the other answers as they are', { ephemeral: true });
    await dana.command('#platform-requests', '/env create --blueprint postgres help');
    const help = await dana.sees('--shards', { ephemeral: true });
    expect(JSON.stringify(help.blocks)).toContain('rootPassword is never asked for in chat');
  });
});

describe('a form of several pages', () => {
  test('is turned, gone back in and sent with all that it was told', async () => {
    const { dana, desk } = await openLarge();
    await dana.fill('Bravo', 'b');
    await dana.submit();
    await dana.waitFor({ kind: 'modal', contains: 'Page 2 of 3' });
    await dana.fill('Shards', 3);
    await dana.submit();
    await dana.waitFor({ kind: 'modal', contains: 'Page 3 of 3' });
    expect(textOf(await dana.seesModal())).toContain('rootPassword is never asked for in chat');
    await dana.fill('Tango', 't');
    await dana.fill('Zones', ['a', 'b']);
    await dana.fill('Labels', 'app: web');
    await dana.click('← Back');
    await dana.waitFor({ kind: 'modal', contains: 'Page 2 of 3' });
    expect(textOf(await dana.seesModal())).toContain('"initial_value":"3"');
    await dana.submit();
    await dana.waitFor({ kind: 'modal', contains: 'Page 3 of 3' });
    await dana.waitFor({ kind: 'modal', contains: 'Runs at once' });
    await dana.submit();
    await dana.sees('mine', { in: '#platform-requests' });
    expect(desk.asked).toHaveLength(1);
    expect(desk.asked[0]?.input).toMatchObject({
      name: 'mine',
      blueprint: 'postgres',
      values: { bravo: 'b', shards: 3, tango: 't', zones: ['a', 'b'], labels: { app: 'web' } },
    });
  });

  test('leads to the page whose answer the whole does not allow', async () => {
    const together = {
      ...large,
      // What only the whole tells: the answer on page 1 does not go with the one on the last.
      check: (values: Parameters<typeof large.check>[0]) =>
        values.tango === 'now' && values.bravo === 'later'
          ? refuse(problem('bad_input', 'No.', 'Mend it.', { fields: { bravo: 'does not go with tango' } }))
          : large.check(values),
    };
    const { dana, desk } = await openLarge(() => together);
    await dana.fill('Bravo', 'later');
    for (const page of [2, 3]) {
      await dana.submit();
      await dana.waitFor({ kind: 'modal', contains: `Page ${page} of 3` });
    }
    await dana.fill('Tango', 'now');
    await dana.submit();
    await dana.waitFor({ kind: 'modal', contains: 'Page 1 of 3' });
    expect(textOf(await dana.seesModal())).toContain('Does not go with tango');
    expect(desk.requests.size).toBe(0);
    await dana.fill('Bravo', 'now');
    for (const page of [2, 3]) {
      await dana.submit();
      await dana.waitFor({ kind: 'modal', contains: `Page ${page} of 3` });
    }
    await dana.submit();
    await dana.sees('mine', { in: '#platform-requests' });
    expect(desk.asked.at(-1)?.input.values).toEqual({ bravo: 'now', tango: 'now' });
  });

  test('says a page’s own mistakes before it is left', async () => {
    const { dana } = await openLarge();
    await dana.fill('Bravo', 'b');
    await dana.submit();
    await dana.waitFor({ kind: 'modal', contains: 'Page 2 of 3' });
    await dana.fill('Shards', 9).catch(() => undefined);
    await dana.submit().catch(() => undefined);
    expect(textOf(await dana.seesModal())).toContain('Page 2 of 3');
  });
});

function schemaOf(document: unknown) {
  const outcome = inputSchemaOf(document);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.mistakes));
  return outcome.value;
}
