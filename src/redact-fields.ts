/** What must never reach a log, recognised by its form and by the name it goes under, however deep it lies. */
import { censored, redactSecrets } from './core/redact.ts';
import { fit } from './core/text.ts';

/** Names under which a value is secret whatever its form. Compared in small letters, without `_` and `-`. */
const secretNames = new Set([
  'accesstoken',
  'apptoken',
  'authorization',
  'bottoken',
  'clientsecret',
  'cookie',
  'password',
  'privatekey',
  'proxyauthorization',
  'refreshtoken',
  'responseurl',
  'responseurls',
  'secret',
  'setcookie',
  'signingsecret',
  'token',
  'triggerid',
  'xslacksignature',
]);

/** How deep a log line may go, and how much of a list or a text it takes: what is below would not be read. */
const deepest = 8;
const longestList = 100;
const longestText = 8_000;

/** A copy to log: plain data, errors as their words, secrets gone. Survives cycles and getters that throw. */
export function redactFields(value: unknown): unknown {
  return redacted(value, [], 0);
}

function redacted(value: unknown, above: readonly object[], depth: number): unknown {
  // Cut after it is redacted: half a secret would not be known by its form.
  if (typeof value === 'string') return fit(redactSecrets(value), longestText);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (value === null || typeof value !== 'object') return value;
  if (above.includes(value)) return '[circular]';
  if (depth >= deepest) return '[deeper]';
  const inside = [...above, value];
  const next = (one: unknown) => redacted(one, inside, depth + 1);
  if (Array.isArray(value)) return value.slice(0, longestList).map(next);
  if (value instanceof Error) return errorWords(value, next);
  if (value instanceof Date || value instanceof URL) return redactSecrets(String(value));
  if (value instanceof Map || value instanceof Set) return next([...value]);
  if (ArrayBuffer.isView(value)) return '[bytes]';
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return attempt(() => next(toJSON.call(value)));
  return Object.fromEntries(
    Object.keys(value).map((name) => [
      redactSecrets(name),
      isSecretName(name) ? censored : attempt(() => next(value[name as keyof typeof value])),
    ]),
  );
}

/** An error's own fields are left out: libraries hang whole requests on them, headers and all. */
function errorWords(error: Error, next: (value: unknown) => unknown): unknown {
  const code = 'code' in error && typeof error.code === 'string' ? { code: next(error.code) } : {};
  return {
    name: error.name,
    message: next(error.message),
    ...code,
    ...(error.stack === undefined ? {} : { stack: next(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: next(error.cause) }),
  };
}

function isSecretName(name: string): boolean {
  return secretNames.has(name.toLowerCase().replaceAll(/[_-]/g, ''));
}

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return '[unreadable]';
  }
}
