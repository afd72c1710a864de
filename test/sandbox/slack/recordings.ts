/** Real answers and payloads, where they lie beside the checkout; and a comparison of shapes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../../../shared/data/slack/', import.meta.url);

export const hasRecordings = existsSync(folder);
if (!hasRecordings)
  console.log('No recordings of the real Slack beside the checkout: those comparisons do not run.');

export function readRecording(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, folder), 'utf8'));
}

export function listRecordings(path: string): string[] {
  const at = new URL(path, folder);
  return existsSync(at) ? readdirSync(at).map((name) => `${path}${name}`) : [];
}

export function hasRecording(path: string): boolean {
  return existsSync(new URL(path, folder));
}

/** All payloads of one kind in the index; form bodies as objects. */
export function payloadsOf(kind: string): unknown[] {
  const index = readRecording('payloads/INDEX.json') as Record<string, string[]>;
  return (index[kind] ?? []).map((reference) => {
    const [path = '', pointer = ''] = reference.split('#');
    const text = readFileSync(new URL(`payloads/${path}`, folder), 'utf8');
    if (path.endsWith('.txt')) return Object.fromEntries(new URLSearchParams(text.trim()));
    return pointer
      .split('/')
      .filter(Boolean)
      .reduce((node, key) => (node as Record<string, unknown>)?.[key], JSON.parse(text) as unknown);
  });
}

/** `a.b[].c` -> the JSON types seen there. Below `stopAt` keys nothing is looked at: they hold anything. */
export type Shape = Map<string, Set<string>>;

const stopAt = new Set([
  'blocks',
  'attachments',
  'values',
  'metadata',
  'files',
  'event_payload',
  'elements',
  'shares',
]);

export function shapeOf(values: readonly unknown[]): Shape {
  const shape: Shape = new Map();
  const visit = (value: unknown, path: string, key: string) => {
    if (path !== '') shape.set(path, (shape.get(path) ?? new Set()).add(typeName(value)));
    if (stopAt.has(key)) return;
    if (Array.isArray(value)) for (const one of value) visit(one, `${path}[]`, '');
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value))
        visit(inner, path === '' ? name : `${path}.${name}`, name);
  };
  for (const value of values) visit(value, '', '');
  return shape;
}

/** What `ours` has that `real` never had, or in another type. `null` agrees with anything. */
export function strangers(ours: Shape, real: Shape): string[] {
  return [...ours].flatMap(([path, types]) => {
    const known = real.get(path);
    if (!known) return [`${path}: never seen`];
    const wrong = [...types].filter((type) => type !== 'null' && !known.has(type) && !known.has('null'));
    return wrong.map((type) => `${path}: ${type}, seen as ${[...known].join(' or ')}`);
  });
}

function typeName(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}
