import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillQuery, type QueryValues, templateMistake } from '../../src/core/query-template.ts';
import { metricKinds, queryTemplate, serviceMetricsSchema } from '../../src/core/service-metrics.ts';
import { parseQuery } from '../../src/sandbox/prometheus/promql/parse.ts';

/** Any characters at all; fast-check's own `binary` takes seconds to begin. */
const anyText = (maxLength: number) =>
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength })
    .map((units) => String.fromCharCode(...units).toWellFormed());

const values: QueryValues = {
  service: 'payments',
  namespace: 'payments-staging',
  deployment: 'payments',
  environment: 'staging',
  cluster: 'sandbox',
  window: 300,
  quantile: 0.95,
};

test('names go into strings, numbers anywhere else', () => {
  const template = `histogram_quantile($quantile, rate(a{service="$service",pod=~'$deployment-.+'}[$window])) # $nobody`;
  expect(templateMistake(template)).toBeUndefined();
  expect(fillQuery(template, values)).toBe(
    `histogram_quantile(0.95, rate(a{service="payments",pod=~'payments-.+'}[300s])) # $nobody`,
  );
});

test('the usual queries have no mistakes, and a service or the catalog may say its own', () => {
  for (const kind of metricKinds) {
    const template = queryTemplate(kind, undefined, undefined);
    expect(templateMistake(template), kind).toBeUndefined();
    expect(() => parseQuery(fillQuery(template, values)), kind).not.toThrow();
  }
  const ours = { queries: { traffic: 'theirs' } };
  expect(queryTemplate('traffic', undefined, ours)).toBe('theirs');
  expect(queryTemplate('traffic', { queries: { traffic: 'mine' } }, ours)).toBe('mine');
  expect(queryTemplate('cpu', {}, ours)).toContain('container_cpu');
  const own = { queries: { traffic: 'sum(rate(a{x="$service"}[$window]))' } };
  expect(serviceMetricsSchema.parse(own)).toEqual(own);
});

describe('a template that cannot work is refused with the way to mend it', () => {
  test.each([
    [
      'rate(a{x="$servise"}[5m])',
      'there is no $servise. Did you mean "service"? There are $service, $namespace',
    ],
    ['rate(a[$windo])', 'there is no $windo. Did you mean "window"?'],
    ['a{$service="x"}', '$service is a name: write it between quotes'],
    ['a{x="$window"}', '$window is a number: it stands outside of quotes.'],
    ['a{x=`$service`}', '$service cannot stand between backticks'],
    ['a{x="$service}', '$service is a name'],
  ])('%s', (template, mistake) => {
    expect(templateMistake(template)).toContain(mistake);
    const read = serviceMetricsSchema.safeParse({ queries: { traffic: template } });
    expect(read.error?.issues[0]).toMatchObject({
      path: ['queries', 'traffic'],
      message: expect.stringContaining(mistake),
    });
  });

  test('what slipped through all the same fills in nothing', () => {
    expect(fillQuery('a[$nothing]', values)).toBe('a[]');
    expect(fillQuery('a{x=$service}', values)).toBe('a{x=payments}');
  });
});

describe('no name can change a query', () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      '"}) or vector(1) #',
      `'} or up`,
      '\\"} or up',
      '.*',
      'a|b',
      '\n} or up',
      '$service',
      '\r',
      '\\',
      '`',
      'a"b\\',
    ),
    anyText(30),
  );
  // What a name means in the query is what the matcher compares with: exactly the name.
  const matcherOf = (query: string) => {
    const read = parseQuery(query);
    return read.kind === 'selector' ? read.matchers.find(({ label }) => label === 'x')?.value : undefined;
  };

  test('as a value it is the name, whichever quotes it stands in', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom('"', "'"), (service, quote) => {
        const query = fillQuery(`a{x=${quote}$service${quote}}`, { ...values, service });
        expect(matcherOf(query)).toBe(service);
      }),
    );
  });

  test('in a pattern it matches the name and nothing else', () => {
    fc.assert(
      fc.property(hostile, fc.string({ maxLength: 10 }), (service, other) => {
        const source = matcherOf(fillQuery('a{x=~"$service",y="1"}', { ...values, service })) ?? '';
        const pattern = new RegExp(`^(?:${source})$`, 's');
        expect(pattern.test(service)).toBe(true);
        expect(pattern.test(other)).toBe(other === service);
      }),
    );
  });
});
