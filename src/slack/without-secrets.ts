/**
 * What goes out, without what is a secret by its form: somebody may have typed a token into a reason, and a program may
 * have said one in an error. Slack keeps, searches and exports all of it. What buttons carry and where links lead stays:
 * neither is text that anybody wrote.
 */
import { censored, redactSecrets } from '../core/redact.ts';
import { fit } from '../core/text.ts';

/** Keys whose texts people read. */
const readKeys = new Set(['text', 'alt_text']);

/** A message, a view or blocks. The same in shape. */
export function withoutSecrets<Value>(value: Value): Value {
  return cleaned(value, undefined) as Value;
}

/** Of the shortest text with a secret in it, `&sig=x`, becomes one of two and a half times its length. */
const growthMax = 3;

/** Cut so that it has `max` characters at most when its secrets are taken out: without them it may be longer. */
export function cleanWithin(text: string, max: number): string {
  // Then it is short enough whatever it holds, and is cleaned before it is sent.
  if (text.length * growthMax <= max) return text;
  const clean = redactSecrets(text);
  const cut = fit(clean, max);
  // Right behind `signature=` the ellipsis alone is a secret by its form.
  return redactSecrets(cut).length <= max ? cut : fit(clean, max - censored.length);
}

/** How long it is at most when it goes out, with its secrets or without. */
export function lengthOut(text: string): number {
  return Math.max(text.length, redactSecrets(text).length);
}

function cleaned(value: unknown, key: string | undefined): unknown {
  if (typeof value === 'string') return key !== undefined && readKeys.has(key) ? redactSecrets(value) : value;
  if (Array.isArray(value)) return value.map((one) => cleaned(one, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cleaned(one, name)]));
}
