/** Canonical JSON (RFC 8785) and its hash: the same value gives the same bytes on every machine. */
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** Takes what JSON can hold. A lone surrogate, which RFC 8785 refuses, reads as U+FFFD: no text may stop an append. */
export function canonicalText(value: unknown): string {
  try {
    return textOf(value);
  } catch {
    return textOf(wellFormed(value));
  }
}

/** SHA-256 in lower-case hex. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

function textOf(value: unknown): string {
  return canonicalize(value) ?? 'null';
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.toWellFormed(), wellFormed(inner)]),
  );
}
