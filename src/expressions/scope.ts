/** What an expression may speak of: names that lead to values, as CEL's types. */

/** A value: CEL's type, the words it can hold if they are known, and what it reads as when it was left out. */
export interface Leaf {
  /** `dyn` is a value of which nothing is known before; whatever is asked of it is found out when it is run. */
  readonly type: string;
  readonly words?: readonly string[];
  readonly blank: unknown;
  /** Of a number: what its schema says of it. */
  readonly range?: { readonly min?: number; readonly max?: number; readonly isWhole: boolean };
}
export interface Branch {
  readonly fields: Readonly<Record<string, Branch | Leaf>>;
  /** What to do when a name is not among them. */
  readonly hint?: string;
}

export function isLeaf(node: Branch | Leaf): node is Leaf {
  return 'type' in node;
}
