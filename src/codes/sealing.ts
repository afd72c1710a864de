/**
 * Secrets at rest: AES-256-GCM, each with a nonce of its own, bound to whom it belongs to, so that a row copied to
 * another person opens nothing. What is sealed names its key: a new key seals, older ones still open.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** `sealed` is `<key id>.<nonce>.<tag>.<text>`, all but the id in base64url. */
export interface Seals {
  seal(text: string, owner: string): string;
  /** `undefined` when none of the keys opens it, for this owner. */
  open(sealed: string, owner: string): string | undefined;
  /** Whether it was sealed with the key that seals now. */
  isNewest(sealed: string): boolean;
}

/** NIST SP 800-38D 8.2: 96 bits, which random ones may repeat after 2^32 secrets of one key. */
const nonceBytes = 12;

/** @param keys by id, the one that seals first; each of 32 bytes. `undefined` when there is none. */
export function createSeals(keys: ReadonlyMap<string, Buffer>): Seals | undefined {
  const [first] = keys;
  if (!first) return undefined;
  const [newestId, newestKey] = first;
  return {
    seal(text, owner) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', newestKey, nonce).setAAD(Buffer.from(owner));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      const parts = [nonce, cipher.getAuthTag(), body].map((part) => part.toString('base64url'));
      return [newestId, ...parts].join('.');
    },
    open(sealed, owner) {
      const [id = '', ...parts] = sealed.split('.');
      const [nonce, tag, body] = parts.map((part) => Buffer.from(part, 'base64url'));
      const key = keys.get(id);
      if (!key || !nonce || !tag || !body) return undefined;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
        decipher.setAAD(Buffer.from(owner)).setAuthTag(tag);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
    isNewest: (sealed) => sealed.startsWith(`${newestId}.`),
  };
}

/** `2026-11:base64,2026-05:base64`, the one that seals first; `undefined` when that is not what it says. */
export function readKeys(text: string): ReadonlyMap<string, Buffer> | undefined {
  const pairs = text.split(',').map((one) => /^\s*([a-z0-9-]{1,20}):([\w+/-]{43}=?)\s*$/i.exec(one));
  const keys = new Map(
    pairs.flatMap((pair) => (pair?.[1] && pair[2] ? [[pair[1], Buffer.from(pair[2], 'base64')]] : [])),
  );
  const areWhole = [...keys.values()].every((key) => key.length === 32);
  return keys.size === pairs.length && areWhole ? keys : undefined;
}
