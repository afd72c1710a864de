/** What looks like a secret. Such a value is never asked for, never taken and never filled in: chat keeps everything. */
import type { JsonSchema } from './json-schema.ts';

/** Words in which the name of a secret ends; plurals too. */
const secretWords = new Set([
  'password',
  'passwd',
  'pwd',
  'passphrase',
  'secret',
  'token',
  'credential',
  'apikey',
  'privatekey',
]);
/** `secretKey`, `api_key`. A "key" alone is mostly a name. */
const secretPairs = new Set([
  'api key',
  'private key',
  'secret key',
  'access key',
  'encryption key',
  'signing key',
]);
/** `existingSecret` and its kin are names of secrets, which is how one is given. */
const referenceWords = new Set(['existing', 'pull', 'external', 'tls', 'use', 'create', 'generate']);

/** By its name alone: `auth.rootPassword`, `API_KEY`, `tokens`. */
export function soundsSecret(name: string): boolean {
  const words = wordsOf(name);
  const last = singular(words.at(-1) ?? '');
  const before = words.at(-2) ?? '';
  if (secretPairs.has(`${before} ${last}`)) return true;
  return secretWords.has(last) && !(last === 'secret' && referenceWords.has(before));
}

/** By what its schema says of it. */
export function isMarkedSecret(schema: JsonSchema): boolean {
  return (
    schema.writeOnly === true ||
    schema.format === 'password' ||
    ['password', 'Secret'].includes(schema.hints?.widget ?? '')
  );
}

/** A property beside a secret that names where it is kept: `existingSecret`, `secretName`, `passwordSecretRef`. */
export function isSecretReference(name: string): boolean {
  return /^existing.*secret|secret(?:name|ref|keyref)$|^valuefrom$/iu.test(name.replaceAll(/[-_]/gu, ''));
}

/** `rootPassword`, `root-password`, `ROOT_PASSWORD` -> root, password. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1 $2')
    .split(/[^A-Za-z0-9]+/u)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

function singular(word: string): string {
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}
