/** A PromQL query as a tree of its own, and the errors that reading and running one can end with. */

/** Matched against every label; `__name__` is the metric's name. */
export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

export interface Selector {
  readonly kind: 'selector';
  readonly matchers: readonly Matcher[];
  readonly offsetMs: number;
  /** Of `[5m]`; without it the newest sample counts. */
  readonly rangeMs?: number;
}

export interface Grouping {
  readonly isBy: boolean;
  readonly labels: readonly string[];
}

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | Selector
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: 'aggregate';
      readonly operator: string;
      readonly grouping: Grouping;
      /** Of topk, bottomk and quantile. */
      readonly parameter?: Expression;
      readonly of: Expression;
    }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly isBool: boolean;
      /** By which labels series find each other: all when not given. */
      readonly matching?: { readonly isOn: boolean; readonly labels: readonly string[] };
    };

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export type Value =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'vector'; readonly samples: readonly Sample[] };

/** `bad_data` is answered with 400, `execution` and `timeout` with 422 and 503, as Prometheus does. */
export class QueryError extends Error {
  readonly type: 'bad_data' | 'execution' | 'timeout';
  constructor(type: QueryError['type'], message: string) {
    super(message);
    this.type = type;
  }
}

/** Any two series with the same labels are one. */
export function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));
}

export function without(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

export function only(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}
