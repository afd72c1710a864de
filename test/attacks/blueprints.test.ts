// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are what is tested here.
/** A blueprint by somebody who has no rights on the cluster, and would like to have them by way of ours. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { observe } from '../../src/actions/environment/create/bring.ts';
import type { Blueprint } from '../../src/core/blueprint.ts';
import type { Cluster } from '../../src/core/cluster.ts';
import { type Bench, benchWorld } from '../actions/bench-world.ts';
import { mistakesOf } from '../approvals/shipped.ts';
import { blueprintOf, configMap, readText } from '../blueprints/blueprint.ts';
import { exampleScope } from '../blueprints/examples.ts';

const words = 'inputs: { type: object, properties: { label: { type: string, title: Label } } }\n';
const secret = `  key:
    manifest:
      apiVersion: v1
      kind: Secret
      metadata: { name: key }
`;

describe('an expression', () => {
  const bomb = Array(4)
    .fill(`.split('').join('${'x'.repeat(100)}')`)
    .join('');

  test.each([
    ['grows by joins upon joins', `'${'x'.repeat(100)}'${bomb}`, /join cannot stand inside another join/],
    [
      'hides one in a separator',
      `['a','b'].join(['a','b'].join(''))`,
      /join cannot stand inside another join/,
    ],
    ['joins by what was typed', `['a','b'].join(input.label)`, /join takes a text of at most 10 characters/],
    ['joins by a long text', `['a','b'].join('${'x'.repeat(11)}')`, /join takes a text of at most 10/],
    ['joins by a number', `['a','b'].join(1)`, /join takes a text of at most 10/],
    ['matches a pattern', `input.label.matches('(a+)+$')`, /a pattern can take seconds/],
    [
      'looks at everything at everything',
      `['a'].all(a, ['a'].all(b, a == b))`,
      /cannot stand inside one another/,
    ],
    ['leads to the language', 'input.constructor', /input has no "constructor"/],
    ['leads to the language by index', `input['__proto__']`, /input holds several values/],
  ])('that %s is refused when it is read', (_what, expression, said) => {
    const text = `${words}resources:\n${configMap('one', `{ a: "\${${expression}}" }`)}`;
    expect(mistakesOf(readText(text)).join()).toMatch(said);
  });

  test.each([
    ["join(', ')", 'x, y'],
    ['join()', 'xy'],
  ])('that joins a list by %s is as good as ever', (join, joined) => {
    const text = `${words}resources:\n${configMap('one', `{ a: "\${input.label.split(' ').${join}}" }`)}`;
    const [one] = blueprintOf(text).resources;
    expect(one?.manifest(exampleScope('a', { label: 'x y' }), {})).toMatchObject({ data: { a: joined } });
  });
});

describe('a Secret', () => {
  test('is not patched: what was in it would be remembered', () => {
    const operations =
      'operations:\n  go: { title: Go, description: It goes., patch: { key: { data: {} } } }\n';
    const [mistake] = mistakesOf(readText(`resources:\n${secret}${operations}`));
    expect(mistake).toContain('"key" is a Secret, which Greenlight never reads, so it cannot be patched.');
  });

  test.each(['${ input . label }', '${input\n.label}', "${'a' + input.label}", '${has(input.label)}'])(
    'takes nothing that was typed in chat, however it is written: %j',
    (value) => {
      const text = `${words}resources:\n${secret}      stringData: { a: ${JSON.stringify(value)} }\n`;
      expect(mistakesOf(readText(text)).join()).toContain('a Secret takes nothing from an input');
    },
  );

  test('is not read under a name that stands for something else by now', async () => {
    const cluster = { read: async () => Promise.reject(new Error('it was read')) } as Partial<Cluster>;
    const ref = { apiVersion: 'v1', kind: 'Secret', name: 'key', namespace: 'env-shop' };
    expect(await observe(cluster as Cluster, [['key', ref]])).toEqual({
      key: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' } },
    });
  });
});

describe('what is handed over', () => {
  const output = (note: string) =>
    blueprintOf(`resources:\n${configMap('one')}outputs: { notes: [${JSON.stringify(note)}] }\n`).outputs(
      exampleScope(),
      {
        one: { status: { map: {}, none: null, long: 'x'.repeat(1_000_000), dsn: 'pg://a:hunter22@db' } },
      } as never,
    ).notes[0];

  test.each(['map', 'none', 'missing'])('is text, or a mistake that is told: %s', (field) => {
    expect(() => output(`\${resources.one.status.${field}}`)).toThrow(
      /of the blueprint own cannot be filled in/,
    );
  });

  test('is short, and has no password that an operator put into a status', () => {
    expect(output('${resources.one.status.long}')?.length).toBeLessThanOrEqual(2_000);
    expect(output('at ${resources.one.status.dsn}')).toBe('at pg://a:[redacted]@db');
  });
});

describe('on the cluster', () => {
  let bench: Bench;
  const offer = (text: string): void => {
    const now = bench.context.catalog();
    const hostile: Blueprint = blueprintOf(text, { outside: now.environments.outside });
    const catalog = { ...now, blueprints: { ...now.blueprints, own: hostile } };
    Object.assign(bench.context, { catalog: () => catalog });
  };
  beforeAll(async () => {
    bench = await benchWorld();
  });
  afterAll(() => bench.close());

  const make = async (name: string) =>
    bench.finish(await bench.ask('environment.create', { name, blueprint: 'own' }));

  test('the network policy of the room is not replaced by one that lets everything through', async () => {
    offer(`resources:
  open:
    manifest:
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: { name: environment }
      spec: { podSelector: {}, policyTypes: [Ingress], ingress: [{}] }
`);
    expect(await make('open')).toMatchObject({
      status: 'failed',
      remains: [],
      problem: { sentence: expect.stringContaining('There is a NetworkPolicy environment already') },
    });
  });

  test('nobody becomes a member of a team that the catalog does not lend', async () => {
    offer(`parts: { place: { kind: team-membership, with: { organisation: acme, team: admins } } }\n`);
    const said = 'No blueprint may lend a place in the team acme/admins.';
    expect(await make('admin')).toMatchObject({ status: 'failed', steps: [], problem: { sentence: said } });
  });

  test('an operation does not change what somebody else put where its resource was', async () => {
    offer(
      `resources:\n${configMap('one')}operations:\n  go: { title: Go, description: It goes., patch: { one: { data: { a: c } } } }\n`,
    );
    expect(await make('mine')).toMatchObject({ status: 'succeeded' });
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'one', namespace: 'env-mine' };
    const cluster = bench.hand;
    await cluster.merge(ref, { metadata: { labels: { 'app.kubernetes.io/managed-by': 'somebody' } } });
    const done = await bench.finish(
      await bench.ask('environment.operate', { name: 'mine', operation: 'go' }),
    );
    expect(done).toMatchObject({
      status: 'failed',
      problem: { sentence: 'The ConfigMap one that is there now is not the one of mine.' },
    });
    expect(await cluster.read(ref)).toMatchObject({ data: { a: 'b' } });
  });
});
