/** Values by the way to them: nested maps read and written without ever touching a prototype. */
import { isRecord } from './json-schema.ts';

export type Values = Readonly<Record<string, unknown>>;

export function valueAt(values: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (isRecord(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    values,
  );
}

/** A copy with the value there; maps on the way are made. */
export function withValueAt(values: Values, keys: readonly string[], value: unknown): Values {
  const [key, ...rest] = keys;
  if (key === undefined) return values;
  const inner = Object.hasOwn(values, key) ? values[key] : undefined;
  const next = rest.length === 0 ? value : withValueAt(isRecord(inner) ? inner : {}, rest, value);
  return { ...values, [key]: next };
}

/** A copy without it; maps that are empty then go too. */
export function withoutValueAt(values: Values, keys: readonly string[]): Values {
  const [key, ...rest] = keys;
  if (key === undefined || !Object.hasOwn(values, key)) return values;
  const { [key]: inner, ...others } = values;
  if (rest.length === 0 || !isRecord(inner)) return others;
  const left = withoutValueAt(inner, rest);
  return Object.keys(left).length === 0 ? others : { ...others, [key]: left };
}

/** Both, map by map; where both say something, `over` does. */
export function merged(under: Values, over: Values): Values {
  const entries = Object.entries(over).map(([key, value]) => {
    const below = Object.hasOwn(under, key) ? under[key] : undefined;
    return [key, isRecord(below) && isRecord(value) ? merged(below, value) : value] as const;
  });
  return { ...under, ...Object.fromEntries(entries) };
}

/** Whether maps and lists stand inside each other deeper than that. Without calls of its own: those run out first. */
export function isDeeper(value: unknown, depthMax: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= depthMax; depth++) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
    if (level.length === 0) return false;
  }
  return true;
}
