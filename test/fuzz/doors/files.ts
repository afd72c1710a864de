/** Policy, catalog, blueprints and workflows: the shipped ones in pieces, damaged as hands and merges damage files. */
import { readdirSync, readFileSync } from 'node:fs';
import { loadActions } from '../../../src/actions/load.ts';
import { evaluate } from '../../../src/approvals/evaluate.ts';
import { readPolicy } from '../../../src/approvals/policy.ts';
import { subjectsOf } from '../../../src/approvals/subjects.ts';
import { readBlueprints } from '../../../src/blueprints/read-blueprints.ts';
import { readCatalog } from '../../../src/catalog/read-catalog.ts';
import type { Read } from '../../../src/documents/document.ts';
import { facts, withBlueprints } from '../../approvals/shipped.ts';
import type { Door } from '../door.ts';
import { damagedText, nastyNumbers, nastyText } from '../nasties.ts';
import type { Random } from '../random.ts';

export const files: Door = {
  name: 'policy and catalog files',
  inputsPerWorld: 1_000_000,
  async open() {
    return {
      make(random) {
        const kind = random.pick(kinds);
        const text = damagedFile(random, kind.compose(random));
        return { text: `${kind.name}\n${text}`, send: async () => refusalOf(kind.read(text)) };
      },
      close: async () => {},
    };
  },
};

const textOf = (file: string) => readFileSync(new URL(`../../../data/${file}`, import.meta.url), 'utf8');
const subjects = subjectsOf(await loadActions());
const catalogText = textOf('catalog.yml');
const catalog = withBlueprints({ file: 'catalog.yml', text: catalogText });
const [beforeRules = '', rulesText = ''] = textOf('policy.yml').split(/^rules:\n/m);
const rules = rulesText.split(/^(?= {2}- id: )/m).filter((one) => one.startsWith('  - id: '));
const sections = beforeRules.split(/^(?=\w+:)/m).filter((one) => /^\w+:/.test(one));
const blueprints = readdirSync(new URL('../../../data/blueprints', import.meta.url))
  .filter((file) => file.endsWith('.yml'))
  .map((file) => textOf(`blueprints/${file}`));
const workflow = textOf(`workflows/${readdirSync(new URL('../../../data/workflows', import.meta.url))[0]}`);
const schema = textOf('blueprints/shop.values.schema.json');

interface Kind {
  readonly name: string;
  compose(random: Random): string;
  read(text: string): Read<unknown>;
}

const kinds: readonly Kind[] = [
  {
    name: 'policy.yml',
    compose(random) {
      const some = Array.from({ length: 1 + random.below(3) }, () => random.pick(rules));
      return `${sections.filter(() => random.chance(0.2)).join('')}rules:\n${some.join('')}`;
    },
    read(text) {
      const read = readPolicy({ file: 'policy.yml', text }, subjects, catalog);
      // What is accepted must also be able to judge.
      if (read.ok) evaluate(read.value, facts);
      return read;
    },
  },
  {
    name: 'catalog.yml',
    compose: () => catalogText,
    read: (text) => readCatalog({ file: 'catalog.yml', text }),
  },
  {
    name: 'blueprints/one.yml',
    compose: (random) => random.pick(blueprints),
    read(text) {
      const beside = [
        ['shop.values.schema.json', { file: 'shop.values.schema.json', text: schema }],
        ['deploy.yml', { file: 'deploy.yml', text: workflow }],
      ] as const;
      return readBlueprints(
        new Map([['one.yml', { file: 'one.yml', text }], ...beside.slice(0, 1)]),
        catalog,
      );
    },
  },
];

function damagedFile(random: Random, text: string): string {
  if (random.chance(0.5)) return damagedText(random, text, [...rules, ...blueprints]);
  const lines = text.split('\n');
  for (let times = 1 + random.below(3); times > 0; times--) damageLine(random, lines);
  return lines.join('\n');
}

/** What a line becomes: keys and indents stay, so that the damage is met deep inside. */
function damageLine(random: Random, lines: string[]): void {
  const at = random.below(lines.length);
  const line = lines[at] ?? '';
  const [, indent = '', key = ''] = /^( *(?:- )?)([\w-]+:)?/.exec(line) ?? [];
  const value = random.pick([
    () => random.pick(hostileYaml),
    () => JSON.stringify(nastyText(random)),
    () => nastyText(random),
    () => String(random.pick(nastyNumbers)),
    () => random.pick(hostileCel),
    () => `[${'['.repeat(random.pick([1, 20, 400]))}`,
    () => `{ ${JSON.stringify(nastyText(random))}: 1 }`,
  ])();
  if (random.chance(0.7)) lines[at] = `${indent}${key} ${value}`;
  else lines.splice(at, 0, random.chance(0.5) ? line : `${indent}${value}: ${value}`);
}

const laughs = Array.from({ length: 9 }, (_, level) =>
  level === 0
    ? 'l0: &l0 [x, x]'
    : `l${level}: &l${level} [${Array(9)
        .fill(`*l${level - 1}`)
        .join(', ')}]`,
).join('\n');

const hostileYaml = [
  ...[
    '&a [*a]',
    '*nowhere',
    '&a',
    '<<: *a',
    '!!js/function "x"',
    '!!binary x',
    '!!python/object:os.system x',
  ],
  ...[
    '!!set {a}',
    '!<tag:x> 1',
    '? complex',
    '|',
    '>',
    '|-\n  x',
    '"unclosed',
    "'unclosed",
    '%YAML 1.1',
    '---',
  ],
  ...[
    '...',
    '@x',
    '`x`',
    '- - - -',
    '{a: {b: {c: ',
    '0o17',
    '0x1F',
    '1_000',
    '12:30:45',
    '2026-02-30',
    'yes',
    '~',
  ],
  ...['.inf', '.nan', '-.inf', '\t', '# only words', `${'a: '.repeat(200)}`, `"${'\\u0000'.repeat(20)}"`],
  ...[laughs, `{${'a: 1, a: 2,'.repeat(50)}}`, `[${'1,'.repeat(3_000)}]`],
];

const hostileCel = [
  `${'('.repeat(500)}true${')'.repeat(500)}`,
  `${'!'.repeat(2_001)}true`,
  Array(400).fill('requester.id != ""').join(' && '),
  Array(400).fill('true').join(' ? true : '),
  'requester.groups.exists(a, requester.groups.exists(b, requester.groups.exists(c, a == b && b == c)))',
  'requester.id.matches("(a+)+$")',
  `"${'a'.repeat(5_000)}!".matches("^(a|a)*$")`,
  '1 / 0 == 1',
  '9223372036854775807 + 1 > 0',
  'requester[requester.id]',
  'input.__proto__.constructor == 1',
  '[1, "a", null].map(x, x + 1)',
  'size("a") * 1.0 > 0u',
  '"\\u0000" in input',
  '{"a": {"a": {"a": 1}}}.a.a.a == 1',
  'timestamp("x") > timestamp("y")',
  'has(input.x.y.z)',
  'dyn(input)["toString"]()',
  '\u202e true',
];

function refusalOf(read: Read<unknown>): string | undefined {
  if (read.ok) return undefined;
  if (read.mistakes.length === 0) return 'refused without a mistake';
  const silent = read.mistakes.find(
    ({ message, line, column }) => message.trim() === '' || !(line >= 1 && column >= 1),
  );
  return silent ? `a mistake that says nothing, or nowhere: ${JSON.stringify(silent)}` : undefined;
}
