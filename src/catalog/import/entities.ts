/** Backstage's entity files as they are written: several documents in one, YAML or JSON, what we do not need ignored. */
import { LineCounter, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { documentLimits, type Source } from '../../documents/document.ts';
import type { LeftOut } from './found.ts';

const url = z.url({ protocol: /^https?$/ });
const links = z
  .array(z.looseObject({ url: z.string(), title: z.string().optional() }))
  .default([])
  .transform((all) => all.filter((one) => url.safeParse(one.url).success));

const metadata = z.looseObject({
  // Backstage's own rule, so that a file which it refuses is refused here too.
  name: z
    .string()
    .regex(/^[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/, 'a name has letters, digits, "-", "_" and "."'),
  namespace: z.string().default('default'),
  title: z.string().optional(),
  description: z.string().optional(),
  annotations: z.record(z.string(), z.string()).default({}),
  tags: z.array(z.string().min(1).max(63)).default([]),
  links,
});
const profile = z
  .looseObject({ displayName: z.string().optional(), email: z.email().optional().catch(undefined) })
  .optional();
const references = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

const entitySchema = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('Component'),
    metadata,
    spec: z.looseObject({ owner: z.string(), lifecycle: z.string().default(''), dependsOn: references }),
  }),
  z.looseObject({
    kind: z.literal('Group'),
    metadata,
    spec: z.looseObject({ profile, members: references }),
  }),
  z.looseObject({
    kind: z.literal('User'),
    metadata,
    spec: z.looseObject({ profile, memberOf: references }),
  }),
]);

export type Entity = z.infer<typeof entitySchema> & { readonly file: string };
export type User = Extract<Entity, { kind: 'User' }>;

const kinds = ['Component', 'Group', 'User'];

/** What cannot be read is named with its place, and does not stop the rest. */
export function readEntities(sources: readonly Source[]): { entities: Entity[]; left: LeftOut[] } {
  const entities: Entity[] = [];
  const left: LeftOut[] = [];
  for (const source of sources) {
    for (const { value, where, problem } of documentsIn(source)) {
      if (problem !== undefined) left.push({ what: where, why: problem });
      else if (isOurs(value)) {
        const read = entitySchema.safeParse(value);
        if (read.success) entities.push({ ...read.data, file: source.file });
        else left.push({ what: `${nameIn(value)} (${where})`, why: mistakeIn(read.error) });
      }
    }
  }
  return { entities, left };
}

interface OneDocument {
  readonly value: unknown;
  /** `catalog-info.yaml:12`. */
  readonly where: string;
  readonly problem?: string;
}

function documentsIn({ file, text }: Source): OneDocument[] {
  if (text.length > documentLimits.lengthMax) {
    return [{ value: undefined, where: file, problem: 'it is too long to be read' }];
  }
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter, uniqueKeys: true });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const line = lineCounter.linePos(document.contents?.range?.[0] ?? 0).line;
    const where = `${file}:${Math.max(1, line)}`;
    const [error] = document.errors;
    if (error) return { value: undefined, where, problem: error.message.split('\n')[0] ?? 'it is not YAML' };
    try {
      return { value: document.toJS({ maxAliasCount: documentLimits.aliasMax }), where };
    } catch {
      return { value: undefined, where, problem: 'its aliases stand for too much' };
    }
  });
}

function isOurs(value: unknown): value is { kind: string } {
  const kind = (value as { kind?: unknown } | null | undefined)?.kind;
  return typeof kind === 'string' && kinds.includes(kind);
}

function nameIn(value: { kind: string; metadata?: { name?: unknown } }): string {
  return `${value.kind} ${String(value.metadata?.name ?? 'without a name')}`;
}

function mistakeIn(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it cannot be read'}`;
}
