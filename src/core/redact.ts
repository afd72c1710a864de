/**
 * Text of programs without what is secret in it, recognised by its form. Pure; each pattern is bounded, so that no text
 * can hang it.
 */
import { fit } from './text.ts';

export const censored = '[redacted]';

/**
 * Secrets by form: tokens of Slack, GitHub, GitLab, npm, PyPI, Vault, OpenAI and others that begin as none else does, keys
 * of AWS, Google and Stripe, JSON web tokens, private keys, whole URLs that let whoever has them post into a channel,
 * signatures of signed addresses, passwords inside addresses, and what follows `Bearer` and its like.
 */
const secretForms: readonly (readonly [RegExp, string])[] = [
  // Also in the middle of a word: whoever forgets a space types their token all the same.
  [/xox[a-z](?:\.xox[a-z])?-[\w.-]{6,}/g, censored],
  [/xapp-[\w-]{6,}/g, censored],
  [/(?:gh[pousr]_[A-Za-z0-9_]{16,}|github_pat_\w{16,})/g, censored],
  [/\b(?:gl[a-z]{2,6}-[\w-]{16,}|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{20,})/g, censored],
  [/\b(?:hv[sbr]\.[\w-]{20,}|dop_v1_[0-9a-f]{32,}|SG\.[\w-]{16,}\.[\w-]{16,}|ATATT[\w=-]{20,})/g, censored],
  [/\b(?:sk-[\w-]{20,}|whsec_[\w+/=]{16,}|ya29\.[\w-]{20,})/g, censored],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, censored],
  [/\bAIza[\w-]{30,}/g, censored],
  [/\b[rs]k_(?:live|test)_[A-Za-z0-9]{10,}/g, censored],
  // With or without what follows: JSON in base64 alone can be a credential, too, and a match that needs more of a long
  // run of these letters than is there would look through all of it once for each place where it could begin.
  [/\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g, censored],
  [
    /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
    censored,
  ],
  [/https:\/\/hooks\.slack\.com\/[^\s"'\\<>]+/g, censored],
  // A trigger id opens a modal in somebody's name: `12345.98765.0123abcd…`.
  [/\b\d{6,}\.\d{6,}\.[0-9a-f]{16,}\b/g, censored],
  [/(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@"']{0,200}:)[^\s/@"']{1,2000}@/gi, `$1${censored}@`],
  // Also as HTML and Slack escape it: `&amp;sig=…`; in Slack a link's label begins behind `|`.
  [/((?:[?&]|&amp;)(?:x-amz-|x-goog-)?(?:sig|signature)=)[^\s&"'\\<>|]{1,2000}/gi, `$1${censored}`],
  [/(\bauthorization.{0,6}?\b(?:digest|aws4-hmac-sha256)\s{1,3})[^\r\n]{1,4000}/gi, `$1${censored}`],
  [
    /(\bauthorization.{0,6}?\b(?:token|apikey|key|negotiate|ntlm|splunk|ssws)\s{1,3})[^\s"'\\,;]{1,4000}/gi,
    `$1${censored}`,
  ],
  [/(\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}/gi, `$1${censored}`],
];

/** What programs say of people and of themselves, and what only a tail of a log leaves. */
const logForms: readonly (readonly [RegExp, string])[] = [
  // The lines begin in the middle of a key: its end is all that tells.
  [/^[A-Za-z0-9+/=\s]+-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g, censored],
  // A header has several, and each may be the one that signs somebody in.
  [/(\bcookie(?:\\?["'])?\s{0,3}:\s{0,3}(?:\\?["'])?)[^\r\n"\\]{1,4000}/gi, `$1${censored}`],
  // `password=…`, `"api_key": "…"`, `X-Auth-Token: …`, `DB_PASSWORD="…"`, and JSON inside of JSON: `\"token\":\"…\"`.
  [
    /([\w.-]{0,40}(?:passw(?:or)?d|passphrase|secret|token|(?:api|access|account|encryption|master|private|shared|signing|storage)[_-]?key|credentials?|authorization|cookie|;\s?pwd)(?:\\?["'])?\s{0,3}[=:]\s{0,3})(\\"[^"\\]{0,2000}\\?"?|"(?:[^"\\]|\\.){1,2000}"?|'[^']{1,2000}'?|(?!["'\\]|(?:(?:bearer|basic|token|apikey|key|negotiate|ntlm|splunk|ssws|digest|aws4-hmac-sha256)[ \t]{1,3})?\[redacted\])[^\s,;&"'}\])]{1,2000})/gi,
    `$1${censored}`,
  ],
  // The last part has a letter: `podinfo@6.5.0` is a chart.
  [/[\w.%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z][a-z0-9-]{1,62}/gi, '[e-mail]'],
];

/** A line of our own with every secret form taken out. */
export function redactSecrets(text: string): string {
  return replaceAll(text, secretForms);
}

/** Without its secrets and then cut: of a password inside an address only the `@` behind it tells that it is one. */
export function fitRedacted(text: string, max: number): string {
  return fit(redactSecrets(text), max);
}

/**
 * A program's log, to be shown to somebody who may read it: without tokens, keys, passwords and e-mail addresses. To be
 * given whole, not line by line: a private key has several. What has no form of its own cannot be known for a secret.
 */
export function redactLog(text: string): string {
  return replaceAll(text, [...secretForms, ...logForms]);
}

function replaceAll(text: string, forms: typeof secretForms): string {
  return forms.reduce((rest, [form, replacement]) => rest.replace(form, replacement), text);
}
