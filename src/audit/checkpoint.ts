/** Checkpoints: signed statements of how far the chain had come. Ed25519, keys as one line of base64. Pure. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { z } from 'zod';
import type { Checkpoint, SignedCheckpoint } from '../core/audit.ts';
import { canonicalText, sha256 } from './canonical.ts';

/** Signs for whoever keeps the chain, and knows what it has signed. */
export interface Signer extends PublicKey {
  /** One line of base64 (SPKI): what `greenlight audit verify --key` takes. */
  readonly publicKey: string;
  sign(said: Omit<Checkpoint, 'form' | 'key'>): SignedCheckpoint;
}

export interface PublicKey {
  /** The first 16 hex digits of the SHA-256 of the public key. */
  readonly name: string;
  verifies(signed: SignedCheckpoint): boolean;
}

/** A new key, as the line that the setting takes. */
export function newSigningKey(): string {
  return generateKeyPairSync('ed25519')
    .privateKey.export({ format: 'der', type: 'pkcs8' })
    .toString('base64');
}

/** `undefined` when it is no private Ed25519 key (PKCS8 in base64). */
export function readSigner(text: string): Signer | undefined {
  const key = keyFrom(() =>
    createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' }),
  );
  if (!key) return undefined;
  const half = createPublicKey(key);
  const publicKey = spki(half);
  const name = nameOf(publicKey);
  return {
    name,
    publicKey,
    verifies: verifying(half),
    sign(said) {
      const checkpoint: Checkpoint = { ...said, form: 1, key: name };
      const signature = sign(null, Buffer.from(canonicalText(checkpoint)), key).toString('base64');
      return { checkpoint, signature };
    },
  };
}

/** `undefined` when it is no public Ed25519 key (SPKI in base64). */
export function readPublicKey(text: string): PublicKey | undefined {
  const bytes = Buffer.from(text.trim(), 'base64');
  const key = keyFrom(() => createPublicKey({ key: bytes, format: 'der', type: 'spki' }));
  if (!key) return undefined;
  return { name: nameOf(spki(key)), verifies: verifying(key) };
}

function verifying(key: KeyObject): PublicKey['verifies'] {
  return ({ checkpoint, signature }) =>
    verify(null, Buffer.from(canonicalText(checkpoint)), key, Buffer.from(signature, 'base64'));
}

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));

const signedSchema = z.strictObject({
  checkpoint: z.strictObject({
    at: z.number(),
    form: z.literal(1),
    hash: hex(64),
    key: hex(16),
    position: z.int().min(1),
  }),
  signature: z.base64().length(88),
});

/** `undefined` when it is no checkpoint. */
export function readCheckpoint(value: unknown): SignedCheckpoint | undefined {
  return signedSchema.safeParse(value).data;
}

/** Every checkpoint that stands in a text, whatever stands around it. */
export function checkpointsIn(text: string): SignedCheckpoint[] {
  const found = text.match(/\{"checkpoint":\{[^{}]{1,400}\},"signature":"[^"]{1,100}"\}/g) ?? [];
  return found.flatMap((one) => {
    try {
      return readCheckpoint(JSON.parse(one)) ?? [];
    } catch {
      return [];
    }
  });
}

/** One line, as it stands in an export and in an anchor. */
export function checkpointLine(signed: SignedCheckpoint): string {
  return canonicalText(signed);
}

function keyFrom(make: () => KeyObject): KeyObject | undefined {
  try {
    const key = make();
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

function spki(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).toString('base64');
}

function nameOf(publicKey: string): string {
  return sha256(publicKey).slice(0, 16);
}
