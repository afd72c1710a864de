/** Values that nobody is to know, made where they are sent off: they are in no result, no message and no log. */
import { randomInt } from 'node:crypto';
import type { Manifest } from '../../core/cluster.ts';

/** Letters and digits: what needs no quoting in an address, an environment variable or a shell. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The Secret with a new value of so many characters under each key. */
export function withSecretValues(manifest: Manifest, generated: Readonly<Record<string, number>>): Manifest {
  const made = Object.entries(generated).map(([key, length]) => [key, secretValue(length)] as const);
  const given = 'stringData' in manifest ? (manifest.stringData as Readonly<Record<string, string>>) : {};
  return { ...manifest, stringData: { ...given, ...Object.fromEntries(made) } };
}

function secretValue(length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
