/**
 * What CEL takes and nobody means: `5 / 2` that is 2, a division by what may be 0, an hour that is 24, words and lists
 * compared as if they had an order. In a template the text that comes out shows it; in a condition it decides in silence.
 */
import { isLeaf, type Leaf } from './scope.ts';
import { type ASTNode, childrenOf, pathOf, pathsRead } from './syntax.ts';

const orders: readonly string[] = ['<', '<=', '>', '>='];
const equals: readonly string[] = ['==', '!='];
const sums: readonly string[] = ['+', '-', '*', '/', '%'];

/** Numbers beyond this are not told apart from their neighbours (`Number.MAX_SAFE_INTEGER`). */
const exactMax = Number.MAX_SAFE_INTEGER;

type LeafOf = (node: ASTNode) => Leaf | undefined;

/** What is wrong with this part of an expression alone; `leafOf` says what a name stands for. */
export function trapIn(node: ASTNode, leafOf: LeafOf): string | undefined {
  const number = numberIn(node);
  if (number !== undefined && Math.abs(number) > exactMax) return 'such a large number is not exact here.';
  if (node.op === 'value' && typeof node.args === 'object' && node.args !== null) {
    return 'write a plain number or a text: no u behind a number, no b before a text.';
  }
  if (sums.includes(node.op)) return sumTrap(node);
  if (node.op === 'in' && childrenOf(node).some(holdsList))
    return 'a list in a list is never found: name its words.';
  if (!orders.includes(node.op) && !equals.includes(node.op)) return undefined;
  const [left, right] = childrenOf(node) as [ASTNode, ASTNode];
  return (
    listTrap(node, left, leafOf) ??
    listTrap(node, right, leafOf) ??
    comparedTrap(node.op, left, right, leafOf) ??
    comparedTrap(mirrored[node.op] ?? node.op, right, left, leafOf)
  );
}

const mirrored: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function sumTrap(node: ASTNode): string | undefined {
  const [left, right] = childrenOf(node) as [ASTNode, ASTNode];
  const isWritten = [left, right].every((side) => numberIn(side) !== undefined);
  if (isWritten) return 'write what comes out of it: numbers that stand here are the same every time.';
  if (node.op !== '/' && node.op !== '%') return undefined;
  const divisor = numberIn(right);
  if (divisor === 0) return 'nothing can be divided by 0.';
  if (pathsRead(right).length > 0 || divisor === undefined) {
    return 'what it is divided by may be 0: multiply the other side with it instead.';
  }
  if (node.op === '%') return undefined;
  return isCount(left) && typeof writtenIn(right) === 'bigint'
    ? `this leaves out the fraction: write ${divisor}.0.`
    : undefined;
}

/** `size` counts in CEL's own whole numbers. */
function isCount(node: ASTNode): boolean {
  return (node.op === 'call' || node.op === 'rcall') && node.args[0] === 'size';
}

function listTrap({ op }: ASTNode, side: ASTNode, leafOf: LeafOf): string | undefined {
  const isList = side.op === 'list' || leafOf(side)?.type.startsWith('list');
  return isList && equals.includes(op)
    ? 'lists are the same only in the same order: ask with "in", exists, all or size().'
    : undefined;
}

function holdsList(node: ASTNode): boolean {
  return node.op === 'list' && childrenOf(node).some(({ op }) => op === 'list');
}

function comparedTrap(op: string, fact: ASTNode, other: ASTNode, leafOf: LeafOf): string | undefined {
  const leaf = leafOf(fact);
  if (leaf === undefined) return undefined;
  const path = (pathOf(fact) as readonly string[]).join('.');
  if (leaf.type === 'string' && orders.includes(op)) {
    return `${path} is a text, and texts have no order here: ask with == or "in".`;
  }
  const number = numberIn(other);
  return number === undefined || !leaf.range ? undefined : numberTrap(op, path, leaf.range, other, number);
}

function numberTrap(
  op: string,
  path: string,
  { isWhole, min = -Infinity, max = Infinity }: NonNullable<Leaf['range']>,
  other: ASTNode,
  number: number,
): string | undefined {
  if (isWhole && Number.isInteger(number) && typeof writtenIn(other) === 'number') {
    return `${path} is a whole number: write ${number}, not ${number}.0.`;
  }
  if (isWhole && !Number.isInteger(number)) {
    return `${path} is a whole number, and ${number} is none: write ${Math.floor(number)} or ${Math.ceil(number)}.`;
  }
  // What was left out reads as 0.
  if (!isConstant(op, Math.min(min, 0), max, number)) return undefined;
  const bounds =
    max >= exactMax ? `${min} at least` : min <= -exactMax ? `${max} at most` : `from ${min} to ${max}`;
  return `${path} is ${bounds}, so that this is the same every time.`;
}

/** Whether the comparison comes out the same for every number that there can be. */
function isConstant(op: string, min: number, max: number, number: number): boolean {
  switch (op) {
    case '<':
    case '>=':
      return number <= min || number > max;
    case '>':
    case '<=':
      return number < min || number >= max;
    default:
      return number < min || number > max;
  }
}

/** A number that is written here, with its sign. */
function numberIn(node: ASTNode): number | undefined {
  const value = writtenIn(node);
  return value === undefined ? undefined : Number(value);
}

function writtenIn(node: ASTNode): number | bigint | undefined {
  if (node.op === '-_') {
    const value = writtenIn(node.args);
    return value === undefined ? undefined : -value;
  }
  const { args } = node;
  return node.op === 'value' && (typeof args === 'number' || typeof args === 'bigint') ? args : undefined;
}

/** A name's value among what there is. */
export function leafAt(place: Parameters<typeof isLeaf>[0], path: readonly string[]): Leaf | undefined {
  let here: Parameters<typeof isLeaf>[0] | undefined = place;
  for (const part of path) {
    if (here === undefined || isLeaf(here)) return undefined;
    here = Object.hasOwn(here.fields, part) ? here.fields[part] : undefined;
  }
  return here && isLeaf(here) ? here : undefined;
}
