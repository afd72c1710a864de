/** What must never reach a log, recognised by its form and by the name it goes under, however deep it lies. */
import { fit } from './core/text.ts';

const censored = '[redacted]';

/**
 * Secrets by form: Slack's tokens and app tokens, GitHub's tokens, JSON web tokens, private keys, whole URLs that let
 * whoever has them post into a channel, passwords inside addresses, and what follows `Bearer`.
 */
const forms: readonly (readonly [RegExp, string])[] = [
  [/\bxox[a-z](?:\.xox[a-z])?-[\w.-]{6,}/g, censored],
  [/\bxapp-[\w-]{6,}/g, censored],
  [/\b(?:gh[pousr]_[A-Za-z0-9_]{16,}|github_pat_\w{16,})/g, censored],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, censored],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, censored],
  [/https:\/\/hooks\.slack\.com\/[^\s"'\\<>]+/g, censored],
  // A trigger id opens a modal in somebody's name: `12345.98765.0123abcd…`.
  [/\b\d{6,}\.\d{6,}\.[0-9a-f]{16,}\b/g, censored],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:)[^\s/@"']+@/gi, `$1${censored}@`],
  [/(\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}/gi, `$1${censored}`],
];

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

/** A line with every secret form taken out. */
export function scrubText(text: string): string {
  return forms.reduce((rest, [form, replacement]) => rest.replace(form, replacement), text);
}

/** A copy to log: plain data, errors as their words, secrets gone. Survives cycles and getters that throw. */
export function scrub(value: unknown): unknown {
  return scrubbed(value, [], 0);
}

function scrubbed(value: unknown, above: readonly object[], depth: number): unknown {
  // Cut after it is scrubbed: half a secret would not be known by its form.
  if (typeof value === 'string') return fit(scrubText(value), longestText);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (value === null || typeof value !== 'object') return value;
  if (above.includes(value)) return '[circular]';
  if (depth >= deepest) return '[deeper]';
  const inside = [...above, value];
  const next = (one: unknown) => scrubbed(one, inside, depth + 1);
  if (Array.isArray(value)) return value.slice(0, longestList).map(next);
  if (value instanceof Error) return errorWords(value, next);
  if (value instanceof Date || value instanceof URL) return scrubText(String(value));
  if (value instanceof Map || value instanceof Set) return next([...value]);
  if (ArrayBuffer.isView(value)) return '[bytes]';
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return attempt(() => next(toJSON.call(value)));
  return Object.fromEntries(
    Object.keys(value).map((name) => [
      scrubText(name),
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
