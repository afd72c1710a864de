/** Walking a parsed expression: its parts, the facts it reads, and the variables that `exists` and `all` bind. */
import type { ASTNode } from '@marcbachmann/cel-js';

export type { ASTNode } from '@marcbachmann/cel-js';

/** Macros that look at each item of a list: `requester.groups.exists(group, group == "sre")`. */
export const macros: readonly string[] = ['exists', 'all'];

export function childrenOf(node: ASTNode): readonly ASTNode[] {
  // Arguments are nodes, names and literals, in lists at most three deep (the entries of a map).
  return ([node.args] as unknown[]).flat(3).filter(isNode);
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value;
}

/** At least one name. */
export type NamePath = readonly [string, ...string[]];

/** `change.checks` as its parts; `undefined` for anything that is not names and dots. */
export function pathOf(node: ASTNode): NamePath | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.') return undefined;
  const before = pathOf(node.args[0]);
  return before && [...before, node.args[1]];
}

/** The variable that a macro binds within its second argument, and the list it goes through. */
export function bindingOf(node: ASTNode): { variable: string; list: ASTNode; body: ASTNode } | undefined {
  if (node.op !== 'rcall') return undefined;
  const [name, list, [variable, body]] = node.args;
  if (!macros.includes(name) || variable?.op !== 'id' || body === undefined) return undefined;
  return { variable: variable.args, list, body };
}

/** Dotted paths of the facts it reads, in order met. */
export function pathsRead(node: ASTNode, bound: readonly string[] = []): readonly string[] {
  const path = pathOf(node);
  if (path) return bound.includes(path[0]) ? [] : [path.join('.')];
  const binding = bindingOf(node);
  if (binding) {
    return [...pathsRead(binding.list, bound), ...pathsRead(binding.body, [...bound, binding.variable])];
  }
  return childrenOf(node).flatMap((child) => pathsRead(child, bound));
}

/** Values that stand in an expression beside a path. */
export type Literal = string | number;

const logical: readonly string[] = ['&&', '||', '!_', '?:'];

/**
 * What each path that is read is compared with, by the path. What stands together in one comparison counts for all of
 * it: `a + b <= 24` gives 24 to both, and a macro's variable stands for its list.
 */
export function literalsBeside(node: ASTNode): ReadonlyMap<string, readonly Literal[]> {
  const found = new Map<string, readonly Literal[]>();
  for (const comparison of comparisonsIn(node)) {
    const literals = literalsIn(comparison);
    for (const path of pathsRead(comparison)) {
      found.set(path, [...new Set([...(found.get(path) ?? []), ...literals])]);
    }
  }
  return found;
}

function comparisonsIn(node: ASTNode): readonly ASTNode[] {
  return logical.includes(node.op) ? childrenOf(node).flatMap(comparisonsIn) : [node];
}

function literalsIn(node: ASTNode): readonly Literal[] {
  if (node.op !== 'value') return childrenOf(node).flatMap(literalsIn);
  if (typeof node.args === 'bigint') return [Number(node.args)];
  return typeof node.args === 'string' || typeof node.args === 'number' ? [node.args] : [];
}
