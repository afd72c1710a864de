// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are what is tested here.
/** A blueprint is checked when it is read, and what it compiles to lets no input say more than its author meant. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { problemFrom } from '../../src/core/problem.ts';
import { blueprintFiles, mistakesOf } from '../approvals/shipped.ts';
import { blueprintOf, configMap, readText } from './blueprint.ts';
import { exampleScope } from './examples.ts';

const inputs = `inputs:
  type: object
  properties:
    size: { type: integer, title: Size, default: 5 }
    label: { type: string, title: Label, maxLength: 100 }
    mode: { type: string, title: Mode, enum: [fast, safe], default: safe }
`;

const goingJob = (ttl: string) => `      job:
        manifest:
          apiVersion: batch/v1
          kind: Job
          metadata: { name: x }
          spec: { ttlSecondsAfterFinished: ${ttl} }
`;

describe('what cannot be right is told with its place', () => {
  test.each([
    [
      'an unknown name',
      `${inputs}resources:\n${configMap('one', '{ a: "${input.siz}" }')}`,
      '15:27 resources.one.manifest.data.a: input has no "siz". Did you mean "size"?',
    ],
    [
      'an unknown resource',
      `resources:\n${configMap('one', '{ a: "${resources.tow.status.x}" }')}${configMap('two')}`,
      '9:31 resources.one.manifest.data.a: resources has no "tow". Did you mean "two"?',
    ],
    [
      'a brace that is not closed',
      `resources:\n${configMap('one', '{ a: "x ${input.size" }')}`,
      '9:21 resources.one.manifest.data.a: The placeholder "${input.size" has no closing brace.',
    ],
    [
      'a word that a choice does not have',
      `${inputs}resources:\n${configMap('one', '{}', '    when: input.mode == "fsat"\n')}`,
      '11:25 resources.one.when: "fsat" is not one of fast or safe. Did you mean "fast"?',
    ],
    [
      'a condition that is no condition',
      `${inputs}resources:\n${configMap('one', '{}', '    when: input.size + 1\n')}`,
      '11:11 resources.one.when: this must be true or false; it is a number.',
    ],
    [
      'a need that is not there',
      `resources:\n${configMap('one', '{}', '    needs: [tow]\n')}${configMap('two')}`,
      '5:13 resources.one.needs.0: there is no resource "tow". Did you mean "two"?',
    ],
    [
      'a cycle, whether said or meant',
      `resources:\n${configMap('one', '{}', '    needs: [three]\n')}${configMap('two', '{ a: "${resources.one.metadata.uid}" }')}${configMap('three', '{ a: "${resources.two.metadata.uid}" }')}`,
      '5:5 resources.one: these wait for each other, so none of them could ever be made: one → three → two → one.',
    ],
    [
      'an object without a name',
      'resources:\n  one:\n    manifest: { apiVersion: v1, kind: ConfigMap, metadata: {} }\n',
      '5:50 resources.one.manifest.metadata.name: this is missing.',
    ],
    [
      'a cost that is no number',
      'cost: environment.name\n',
      '3:7 cost: this must be a number; it is a text.',
    ],
    [
      'a patch of a resource that is not there',
      `resources:\n${configMap('one')}operations:\n  go:\n    title: Go\n    description: It goes.\n    patch: { oen: { data: {} } }\n`,
      '14:19 operations.go.patch.oen: there is no resource "oen". Did you mean "one"?',
    ],
    [
      'an operation that does nothing',
      'operations:\n  go: { title: Go, description: It goes. }\n',
      '4:7 operations.go: it does nothing: give it resources or a patch.',
    ],
    [
      'a Job of an operation that goes while the rest is waited for',
      `operations:\n  go:\n    title: Go\n    description: It goes.\n    resources:\n${goingJob('3599')}`,
      '13:44 operations.go.resources.job.manifest.spec.ttlSecondsAfterFinished: write 3600 (an hour) at least, better days, or leave it out: the Job must still be there when all else is ready.',
    ],
    [
      'a file that is not there',
      'inputs: { from: other.crd.yml }\n',
      '3:17 inputs.from: there is no file "other.crd.yml" beside this one.',
    ],
    [
      'a pattern that can take seconds',
      `${inputs}resources:\n${configMap('one', '{}', '    when: input.label.matches("^(a+)+$")\n')}`,
      '11:11 resources.one.when: matches() is not allowed: a pattern can take seconds; use startsWith, endsWith or contains.',
    ],
  ])('%s', (_what, text, mistake) => {
    expect(mistakesOf(readText(text))).toEqual([mistake]);
  });

  test('how long a Job stays is free outside an operation, and in one from an hour on or by an expression', () => {
    const head = `operations:\n  go:\n    title: Go\n    description: It goes.\n    resources:\n`;
    const texts = [
      `resources:\n${goingJob('60')}`,
      ...['3600', '"${environment.cpu}"'].map((ttl) => head + goingJob(ttl)),
    ];
    for (const text of texts) expect(readText(text)).toMatchObject({ ok: true });
  });

  test('a shipped file with any part cut out is a blueprint or has a mistake', () => {
    const text = blueprintFiles().get('web-postgres.yml')?.text ?? '';
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(120), (start, length) => {
        const read = readText(text.slice(0, start) + text.slice(start + length));
        expect(read.ok || read.mistakes.length > 0).toBe(true);
      }),
      { numRuns: 30, seed: 7 },
    );
  });
});

describe('an author who wants out', () => {
  const making = (apiVersion: string, kind: string, metadata = '{ name: x }', more = '') =>
    mistakesOf(
      readText(
        `resources:\n  one:\n    manifest:\n      apiVersion: ${apiVersion}\n      kind: ${kind}\n      metadata: ${metadata}\n${more}`,
      ),
    ).join('\n');

  test.each([
    ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
    ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
    ['v1', 'Namespace'],
    ['v1', 'ResourceQuota'],
    ['v1', 'PersistentVolume'],
    ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
    ['example.dev/v1', 'WidgetList'],
  ])('makes no %s %s', (apiVersion, kind) => {
    expect(making(apiVersion, kind)).toMatch(/may not make|several objects/);
  });

  test.each([
    ['another namespace', 'v1', 'ConfigMap', '{ name: x, namespace: kube-system }'],
    ['a namespace filled in', 'v1', 'ConfigMap', '{ name: x, namespace: "${environment.team}" }'],
    [
      'a kind that may leave, elsewhere',
      'databases.acme.example/v1',
      'PostgresClaim',
      '{ name: x, namespace: default }',
    ],
  ])('does not reach %s', (_what, apiVersion, kind, metadata) => {
    expect(making(apiVersion, kind, metadata)).toContain('environments.outside');
  });

  test('cannot fill in what an object is, own what others made, or keep it from going', () => {
    expect(making('"${environment.name}"', 'ConfigMap')).toContain('must be said here');
    expect(making('v1', 'ConfigMap', '{ name: x, finalizers: [a/b] }')).toContain('leave it out');
    expect(making('v1', 'ConfigMap', '{ name: x, ownerReferences: [] }')).toContain('leave it out');
  });

  test('reads no Secret, and puts nothing into one that was typed in chat', () => {
    const secret =
      'resources:\n  key:\n    manifest:\n      apiVersion: v1\n      kind: Secret\n      metadata: { name: key }\n';
    const read = `${secret}${configMap('one', '{ a: "${resources.key.data.password}" }')}`;
    expect(mistakesOf(readText(read)).join()).toContain('"key" is a Secret, which Greenlight never reads');
    expect(
      mistakesOf(readText(`${secret}outputs: { notes: ["\${resources.key.data.x}"] }\n`)).join(),
    ).toContain('is a Secret');
    expect(
      mistakesOf(readText(`${inputs}${secret}      stringData: { a: "\${input.label}" }\n`)).join(),
    ).toContain('takes nothing from an input');
    expect(
      mistakesOf(readText(`${inputs}${secret}      stringData: { a: "\${values.label}" }\n`)).join(),
    ).toContain('takes nothing from an input');
  });

  test('may leave where the catalog says so', () => {
    const { resources } = blueprintOf(
      `resources:
  claim:
    manifest:
      apiVersion: databases.acme.example/v1
      kind: PostgresClaim
      metadata: { name: "env-\${environment.name}", namespace: payments-staging }
  rank:
    manifest:
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: { name: "env-\${environment.name}" }
`,
    );
    expect(resources.map((one) => one.ref(exampleScope()))).toEqual([
      {
        ...{ apiVersion: 'databases.acme.example/v1', kind: 'PostgresClaim', name: 'env-a' },
        namespace: 'payments-staging',
      },
      { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', name: 'env-a' },
    ]);
  });
});

describe('what somebody types', () => {
  const blueprint = blueprintOf(
    `${inputs}resources:
${configMap('one', '{ text: "${input.label}", longer: "<${input.label}>", size: "${string(int(input.size * 2))}" }')}
  named:
    manifest:
      apiVersion: v1
      kind: ConfigMap
      metadata: { name: "x-\${input.label}" }
`,
  );
  const [one, named] = blueprint.resources;

  test('is data: no placeholder, no structure, no other place', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('${environment.team}', '"}\nkind: Secret', '$${a}', '{}')),
        (label) => {
          const manifest = one?.manifest(exampleScope('a', { label, size: 5 }), {});
          expect(manifest).toEqual({
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: 'one', namespace: 'env-a' },
            data: { text: label, longer: `<${label}>`, size: '10' },
          });
        },
      ),
      { numRuns: 60, seed: 5 },
    );
  });

  test.each(['', 'a/b', '../x', 'UPPER', 'a b', 'x'.repeat(260), '-'])(
    '"%s" makes no name that is none',
    (label) => {
      expect(() => named?.ref(exampleScope('a', { label }))).toThrow(/no name in Kubernetes/);
    },
  );

  test('and was left out reads as nothing', () => {
    expect(one?.manifest(exampleScope('a', {}), {})).toMatchObject({ data: { text: '', size: '0' } });
  });
});

test('the order follows needs and references, and a number alone stays a number', () => {
  const { resources } = blueprintOf(
    `resources:
${configMap('last', '{ a: "${resources.middle.metadata.uid}" }')}${configMap('middle', '{}', '    needs: [first]\n')}${configMap('first')}
  typed:
    manifest:
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec: { replicas: "\${environment.replicas}", more: "\${1 + 1}", plain: "$\${x}" }
`,
  );
  expect(resources.map(({ name }) => name)).toEqual(['first', 'middle', 'last', 'typed']);
  const typed = resources.at(-1);
  expect(typed?.manifest(exampleScope(), {})).toMatchObject({
    spec: { replicas: 2, more: 2, plain: '${x}' },
  });
});

test('what the cluster does not say is named with its place in the blueprint', () => {
  const { outputs } = blueprintOf(
    `resources:\n${configMap('one')}outputs: { notes: ["at \${resources.one.status.host}"] }\n`,
  );
  try {
    outputs(exampleScope(), { one: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' } } });
    expect.unreachable();
  } catch (error) {
    expect(problemFrom(error)).toMatchObject({
      code: 'step_failed',
      sentence: expect.stringMatching(
        /^outputs of the blueprint own cannot be filled in: .*resources\.one\.status\.host/,
      ),
    });
  }
});

test('a cost is never less than nothing, and speaks of the catalog’s prices', () => {
  const prices = { currency: 'EUR', cpuHour: 1, memoryGiHour: 1, storageGiHour: 0.5, asleepShare: 0.1 };
  const scope = exampleScope('a', { size: 4 });
  expect(blueprintOf(`${inputs}cost: input.size * prices.storageGiHour\n`).extraPerHour(scope, prices)).toBe(
    2,
  );
  expect(blueprintOf('cost: "-5"\n').extraPerHour(scope, prices)).toBe(0);
});

test('an edit of it, or of what it takes its inputs from, is another blueprint', () => {
  const neighbour = (title: string) => ({
    neighbour: () => ({
      file: 'a.json',
      text: `{"type":"object","properties":{"a":{"type":"string","title":"${title}"}}}`,
    }),
  });
  const text = 'inputs: { from: a.json }\n';
  const digests = [
    blueprintOf(text, neighbour('A')).digest,
    blueprintOf(text, neighbour('B')).digest,
    blueprintOf(`${text}\n`, neighbour('A')).digest,
  ];
  expect(new Set(digests).size).toBe(3);
  expect(blueprintOf(text, neighbour('A')).digest).toBe(digests[0]);
});
