/**
 * The conditions of rules: CEL, behind this one file. An expression is checked in an environment typed by the facts
 * of each action it may meet, and run in one of plain maps, which is faster. `lint.ts` says which part of CEL we take.
 */
import { type TypeError as CelTypeError, Environment, type ParseError } from '@marcbachmann/cel-js';
import { type ExpressionMistake, lintExpression } from './lint.ts';
import { type Branch, isLeaf } from './subjects.ts';
import { pathsRead } from './syntax.ts';

/** UTF-16 units of one expression. */
const lengthMax = 1_000;

/** Bounds on one expression: beyond them it says more than a person can check by reading. */
const limits = {
  maxAstNodes: 200,
  maxDepth: 20,
  maxListElements: 50,
  maxMapEntries: 0,
  maxCallArguments: 3,
} as const;

export interface Expression {
  readonly text: string;
  /** Paths of the facts it looks at, `change.checks`, each once. */
  readonly reads: readonly string[];
  /** @throws Error when it cannot be told, by CEL's rules. The caller fails closed. */
  test(facts: Readonly<Record<string, unknown>>): boolean;
}

export type ReadExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly mistakes: readonly ExpressionMistake[] };

/** `facts` are those of every action that the expression may be asked about, by the action's name. */
export function readExpression(text: string, facts: ReadonlyMap<string, Branch>): ReadExpression {
  if (text.length > lengthMax) {
    return refuse([{ offset: 0, message: `this is longer than ${lengthMax} characters.` }]);
  }
  let program: Program;
  try {
    program = plainEnvironment.parse(text);
  } catch (error) {
    return refuse([celMistake(error as ParseError)]);
  }
  const mistakes = [...facts].flatMap(([action, branch]) =>
    mistakesFor(program, text, branch).map((mistake) => ({ ...mistake, action })),
  );
  if (mistakes.length > 0) return refuse(byPlace(mistakes, facts.size));
  const reads = [...new Set(pathsRead(program.ast))];
  return { ok: true, expression: { text, reads, test: (values) => program(values) === true } };
}

type Program = ReturnType<Environment['parse']>;

function refuse(mistakes: readonly ExpressionMistake[]): ReadExpression {
  return { ok: false, mistakes };
}

function mistakesFor(program: Program, text: string, facts: Branch): ExpressionMistake[] {
  const linted = lintExpression(program.ast, facts);
  if (linted.length > 0) return linted;
  const checked = typedEnvironment(facts).check(text);
  if (checked.error) return [celMistake(checked.error)];
  return checked.type === 'bool'
    ? []
    : [{ offset: 0, message: `this must be true or false; it is ${checked.type}.` }];
}

function celMistake(error: ParseError | CelTypeError): ExpressionMistake {
  const hint = error.summary.includes('double in list<int>') ? ' Write whole numbers in a list as 4.0.' : '';
  return { offset: Number(error.range?.start), message: `${error.summary}.${hint}` };
}

/** The same mistake for several actions is told once; one that only some have names them. */
function byPlace(
  mistakes: readonly (ExpressionMistake & { readonly action: string })[],
  actions: number,
): ExpressionMistake[] {
  const isSame = (one: ExpressionMistake) => (other: ExpressionMistake) =>
    one.offset === other.offset && one.message === other.message;
  return mistakes
    .filter((one, index) => mistakes.findIndex(isSame(one)) === index)
    .map((one) => {
      const names = mistakes.filter(isSame(one)).map(({ action }) => action);
      const suffix = names.length < actions ? ` (in ${names.join(', ')})` : '';
      return { offset: one.offset, message: `${one.message}${suffix}` };
    });
}

const typedEnvironments = new WeakMap<Branch, Environment>();

function typedEnvironment(facts: Branch): Environment {
  const known = typedEnvironments.get(facts);
  if (known) return known;
  const environment = withNumbers(new Environment({ limits }));
  for (const [name, node] of Object.entries(facts.fields)) {
    const schema = schemaOf(node);
    if (typeof schema === 'string') environment.registerVariable(name, schema);
    else environment.registerVariable(name, { schema });
  }
  typedEnvironments.set(facts, environment);
  return environment;
}

type CelSchema = string | { readonly [name: string]: CelSchema };

function schemaOf(node: Branch[`fields`][string]): CelSchema {
  if (isLeaf(node)) return node.type;
  return Object.fromEntries(Object.entries(node.fields).map(([name, inner]) => [name, schemaOf(inner)]));
}

const plainEnvironment = withNumbers(new Environment({ limits, unlistedVariablesAreDyn: true }));

/**
 * JavaScript has one kind of number and CEL two: a fact is a double, and `4` in an expression an int. CEL compares
 * them by order, but neither as equal nor in sums: these are the missing overloads.
 */
function withNumbers(environment: Environment): Environment {
  return environment
    .registerOperator('double == int', (a: number, b: bigint) => a === Number(b))
    .registerOperator('double + int: double', (a: number, b: bigint) => a + Number(b))
    .registerOperator('int + double: double', (a: bigint, b: number) => Number(a) + b)
    .registerOperator('double - int: double', (a: number, b: bigint) => a - Number(b))
    .registerOperator('int - double: double', (a: bigint, b: number) => Number(a) - b)
    .registerOperator('double * int: double', (a: number, b: bigint) => a * Number(b))
    .registerOperator('int * double: double', (a: bigint, b: number) => Number(a) * b)
    .registerOperator('double / int: double', (a: number, b: bigint) => a / Number(b))
    .registerOperator('int / double: double', (a: bigint, b: number) => Number(a) / b);
}
