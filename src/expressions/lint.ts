/**
 * Which part of CEL an expression may use, and words that cannot be right. CEL's own checker takes any text where text
 * is wanted, `has` of a field that does not exist, and patterns that run for seconds: this is what it lacks.
 */
import { didYouMean, listOf } from '../core/text.ts';
import { calledHere } from './cel-words.ts';
import type { Dialect } from './dialect.ts';
import { type Branch, isLeaf, type Leaf } from './scope.ts';
import { type ASTNode, bindingOf, childrenOf, type NamePath, pathOf } from './syntax.ts';
import { leafAt, trapIn } from './traps.ts';

/** `offset` counts UTF-16 units into the expression. */
export interface ExpressionMistake {
  readonly offset: number;
  readonly message: string;
}

/** Names bound by an enclosing macro, with the words their values can be. */
type Scope = ReadonlyMap<string, readonly string[] | undefined>;

export function lintExpression(ast: ASTNode, facts: Branch, dialect: Dialect): ExpressionMistake[] {
  return visit(ast, { facts, dialect, scope: new Map() });
}

interface Place {
  readonly facts: Branch;
  readonly dialect: Dialect;
  readonly scope: Scope;
}

function visit(node: ASTNode, place: Place): ExpressionMistake[] {
  const path = pathOf(node);
  if (path) return pathMistakes(path, node, place);
  const binding = bindingOf(node);
  if (binding) {
    if (place.scope.size > 0) return [at(node, 'exists and all cannot stand inside one another.')];
    const scope: Scope = new Map([[binding.variable, wordsFor(binding.list, place)]]);
    return [...visit(binding.list, place), ...visit(binding.body, { ...place, scope })];
  }
  const own = ownMistakes(node, place);
  // What stands inside something that is not to be had would have to be written anew anyway.
  if (own.length > 0 && (node.op === 'call' || node.op === 'rcall')) return own;
  return [...own, ...trapsIn(node, place), ...childrenOf(node).flatMap((child) => visit(child, place))];
}

function ownMistakes(node: ASTNode, place: Place): ExpressionMistake[] {
  const { methods, functions, mayIndex } = place.dialect;
  switch (node.op) {
    case '[]':
      if (mayIndex) return [];
      return [
        at(node, 'square brackets are not allowed: name a field with a dot, ask a list with "in" or exists.'),
      ];
    case 'call':
      return functions.includes(node.args[0]) ? [] : [callMistake(node, node.args[0], functions, place)];
    case 'rcall':
      if (!methods.includes(node.args[0])) return [callMistake(node, node.args[0], methods, place)];
      return node.args[0] === 'join' ? joinMistakes(node) : [];
    case '==':
    case '!=': {
      const [left, right] = node.args;
      return [
        ...wordMistakes([right], wordsFor(left, place)),
        ...wordMistakes([left], wordsFor(right, place)),
      ];
    }
    case 'in': {
      const [item, list] = node.args;
      return [
        ...wordMistakes(list.op === 'list' ? list.args : [], wordsFor(item, place)),
        ...wordMistakes([item], wordsFor(list, place)),
      ];
    }
    default:
      return [];
  }
}

function trapsIn(node: ASTNode, { dialect, facts, scope }: Place): ExpressionMistake[] {
  if (!dialect.decides) return [];
  const trap = trapIn(node, (name) => {
    const path = pathOf(name);
    return path === undefined || scope.has(path[0]) ? undefined : leafAt(facts, path);
  });
  return trap === undefined ? [] : [at(node, trap)];
}

function callMistake(
  node: ASTNode,
  name: string,
  known: readonly string[],
  { dialect }: Place,
): ExpressionMistake {
  const because = dialect.bannedBecause[name];
  return at(
    node,
    because === undefined
      ? `there is no function ${name}() here.${didYouMean(calledHere(name) ?? name, [...known, ...signs])}`
      : `${name}() is not allowed: ${because}.`,
  );
}

/** What elsewhere is a function. */
const signs: readonly string[] = ['in', '!'];

/** UTF-16 units: a comma, a line end, a few words. */
const separatorMax = 10;

/**
 * Each join makes a text as many times longer as its separator is: five of them inside one another are more than any
 * machine holds, out of a line that anybody would read past.
 */
function joinMistakes(node: ASTNode): ExpressionMistake[] {
  const [separator] = [...childrenOf(node)].slice(1);
  if (childrenOf(node).some(holdsJoin)) return [at(node, 'join cannot stand inside another join.')];
  const isShort =
    separator === undefined ||
    (separator.op === 'value' && typeof separator.args === 'string' && separator.args.length <= separatorMax);
  return isShort ? [] : [at(node, `join takes a text of at most ${separatorMax} characters, written here.`)];
}

function holdsJoin(node: ASTNode): boolean {
  return (node.op === 'rcall' && node.args[0] === 'join') || childrenOf(node).some(holdsJoin);
}

/** A name that stands for nothing, or for several values at once. */
function pathMistakes(
  path: NamePath,
  node: ASTNode,
  { facts, scope, dialect: { noun } }: Place,
): ExpressionMistake[] {
  if (scope.has(path[0])) return [];
  let here: Branch | Leaf = facts;
  for (const [index, part] of path.entries()) {
    const before = path.slice(0, index).join('.');
    if (isLeaf(here)) {
      const meant = calledHere(part) === 'size' ? ` Did you mean "size(${before})"?` : '';
      return here.type === 'dyn' ? [] : [at(node, `${before} has no fields.${meant}`)];
    }
    const next: Branch | Leaf | undefined = Object.hasOwn(here.fields, part) ? here.fields[part] : undefined;
    if (next === undefined) {
      const where = before === '' ? `there is no ${noun} "${part}".` : `${before} has no "${part}".`;
      const near = didYouMean(part, Object.keys(here.fields));
      const isAlone = path.length === 1 && near === '';
      const help = here.hint ?? (isAlone ? `A text stands in quotation marks: "${part}".` : near.trim());
      return [at(node, `${where} ${help}`.trim(), [...before].length)];
    }
    here = next;
  }
  if (isLeaf(here)) return [];
  return [at(node, `${path.join('.')} holds several ${noun}s: ${listOf(Object.keys(here.fields))}.`)];
}

function wordMistakes(nodes: readonly ASTNode[], words: readonly string[] | undefined): ExpressionMistake[] {
  if (words === undefined) return [];
  return nodes.flatMap((node) => {
    // Nothing is what a field reads as that was left out, and a team that nobody is.
    if (node.op !== 'value' || typeof node.args !== 'string' || ['', ...words].includes(node.args)) return [];
    const known =
      words.length > 0 ? `is not one of ${listOf(words, 'or')}` : 'is none: there is nothing to name';
    return [at(node, `"${node.args}" ${known}.${didYouMean(node.args, words)}`)];
  });
}

/** The words that the value of a path can be, when they are known. */
function wordsFor(node: ASTNode, { facts, scope }: Place): readonly string[] | undefined {
  const path = pathOf(node) ?? [];
  const [first = ''] = path;
  return scope.has(first) ? scope.get(first) : leafAt(facts, path)?.words;
}

function at(node: ASTNode, message: string, plus = 0): ExpressionMistake {
  return { offset: node.start + (plus > 0 ? plus + 1 : 0), message };
}
