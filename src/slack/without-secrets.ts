/**
 * What goes out, without what is a secret by its form: somebody may have typed a token into a reason, and a program may
 * have said one in an error. Slack keeps, searches and exports all of it. What buttons carry and where links lead stays:
 * neither is text that anybody wrote.
 */
import { redactSecrets } from '../core/redact.ts';

/** Keys whose texts people read. */
const readKeys = new Set(['text', 'alt_text']);

/** A message, a view or blocks. The same in shape. */
export function withoutSecrets<Value>(value: Value): Value {
  return cleaned(value, undefined) as Value;
}

function cleaned(value: unknown, key: string | undefined): unknown {
  if (typeof value === 'string') return key !== undefined && readKeys.has(key) ? redactSecrets(value) : value;
  if (Array.isArray(value)) return value.map((one) => cleaned(one, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cleaned(one, name)]));
}
