/**
 * CEL, behind this one file. An expression is checked in an environment typed by what it may speak of, and run in one
 * of plain maps, which is faster. The dialect says which part of CEL we take (lint.ts).
 */
import { type TypeError as CelTypeError, Environment, type ParseError } from '@marcbachmann/cel-js';
import { inPlainWords, kindOf } from './cel-words.ts';
import type { Dialect } from './dialect.ts';
import { type ExpressionMistake, lintExpression } from './lint.ts';
import { withNumbers } from './numbers.ts';
import { type Branch, isLeaf } from './scope.ts';
import { type Literal, literalsBeside, pathsRead } from './syntax.ts';

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
  /** Paths of the values it looks at, `change.checks`, each once. */
  readonly reads: readonly string[];
  /** What each of them is compared with, as far as that stands in the text. */
  readonly literals: ReadonlyMap<string, readonly Literal[]>;
  /** A whole number of its own making is a `bigint`. @throws Error when it cannot be told, by CEL's rules. */
  evaluate(values: Readonly<Record<string, unknown>>): unknown;
}

export type ReadExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly mistakes: readonly ExpressionMistake[] };

export interface Expected {
  readonly dialect: Dialect;
  /** CEL's types that the whole may have; any when not given. */
  readonly types?: readonly string[];
  /** "true or false". */
  readonly words: string;
}

/** `scopes` are all in which the expression may be run, by name: a mistake in only some of them names those. */
export function readExpression(
  text: string,
  scopes: ReadonlyMap<string, Branch>,
  expected: Expected,
): ReadExpression {
  if (text.length > lengthMax) {
    return refuse([{ offset: 0, message: `this is longer than ${lengthMax} characters.` }]);
  }
  let program: Program;
  try {
    program = plainEnvironment.parse(text);
  } catch (error) {
    return refuse([celMistake(error as ParseError, text)]);
  }
  const reads = [...new Set(pathsRead(program.ast))];
  const mistakes = alikeFor(reads, scopes).flatMap(({ names, branch }) => {
    const found = mistakesFor(program, text, branch, expected);
    return names.flatMap((scope) => found.map((mistake) => ({ ...mistake, scope })));
  });
  if (mistakes.length > 0) return refuse(byPlace(mistakes, scopes.size));
  const literals = literalsBeside(program.ast);
  return { ok: true, expression: { text, reads, literals, evaluate: (values) => program(values) } };
}

type Program = ReturnType<Environment['parse']>;

/** `change` of `change.checks`; each once, in order. */
function rootsOf(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => path.replace(/\..*$/s, '')))].sort();
}

interface Alike {
  readonly names: string[];
  readonly branch: Branch;
}

/**
 * Scopes in which everything that is read is the very same: one check is good for all of them. Most rules read nothing
 * that differs between forty actions.
 */
function alikeFor(reads: readonly string[], scopes: ReadonlyMap<string, Branch>): Alike[] {
  const roots = rootsOf(reads);
  const groups: Alike[] = [];
  for (const [name, branch] of scopes) {
    const same = groups.find((one) => roots.every((root) => one.branch.fields[root] === branch.fields[root]));
    if (same) same.names.push(name);
    else groups.push({ names: [name], branch });
  }
  return groups;
}

function refuse(mistakes: readonly ExpressionMistake[]): ReadExpression {
  return { ok: false, mistakes };
}

function mistakesFor(
  program: Program,
  text: string,
  scope: Branch,
  { dialect, types, words }: Expected,
): ExpressionMistake[] {
  const linted = lintExpression(program.ast, scope, dialect);
  if (linted.length > 0) return linted;
  const checked = typedEnvironment(scope, rootsOf(pathsRead(program.ast))).check(text);
  if (checked.error) return [celMistake(checked.error, text)];
  return types === undefined || types.includes(String(checked.type))
    ? []
    : [{ offset: 0, message: `this must be ${words}; it is ${kindOf(String(checked.type))}.` }];
}

function celMistake(error: ParseError | CelTypeError, text: string): ExpressionMistake {
  const offset = Number(error.range?.start);
  return { offset, message: inPlainWords(error.summary, text.slice(offset)) };
}

/** The same mistake in several scopes is told once; one that only some have names them. */
function byPlace(
  mistakes: readonly (ExpressionMistake & { readonly scope: string })[],
  scopes: number,
): ExpressionMistake[] {
  const isSame = (one: ExpressionMistake) => (other: ExpressionMistake) =>
    one.offset === other.offset && one.message === other.message;
  return mistakes
    .filter((one, index) => mistakes.findIndex(isSame(one)) === index)
    .map((one) => {
      const names = mistakes.filter(isSame(one)).map(({ scope }) => scope);
      const suffix = names.length < scopes ? ` (in ${names.join(', ')})` : '';
      return { offset: one.offset, message: `${one.message}${suffix}` };
    });
}

/** Copied for each scope: the numbers' overloads take longer to register than a rule to check. */
const typedBase = withNumbers(new Environment({ limits }));

const typedEnvironments = new WeakMap<Branch, Map<string, Environment>>();

/** With what is read alone: to register all of a scope takes longer than to check what is said of it. */
function typedEnvironment(scope: Branch, roots: readonly string[]): Environment {
  const ofScope = typedEnvironments.get(scope) ?? new Map<string, Environment>();
  typedEnvironments.set(scope, ofScope);
  const key = roots.join();
  const known = ofScope.get(key);
  if (known) return known;
  const environment = typedBase.clone();
  for (const [name, node] of Object.entries(scope.fields)) {
    if (!roots.includes(name)) continue;
    const schema = schemaOf(node);
    if (typeof schema === 'string') environment.registerVariable(name, schema);
    else environment.registerVariable(name, { schema });
  }
  ofScope.set(key, environment);
  return environment;
}

type CelSchema = string | { readonly [name: string]: CelSchema };

function schemaOf(node: Branch[`fields`][string]): CelSchema {
  if (isLeaf(node)) return node.type;
  return Object.fromEntries(Object.entries(node.fields).map(([name, inner]) => [name, schemaOf(inner)]));
}

const plainEnvironment = withNumbers(new Environment({ limits, unlistedVariablesAreDyn: true }));
