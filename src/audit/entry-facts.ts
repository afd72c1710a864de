/** What an entry says, for a table or a line: read from its body whatever its type, and empty where it says nothing. Pure. */
import { z } from 'zod';
import type { AuditEntry } from '../core/audit.ts';
import { redactSecrets } from '../core/redact.ts';

/** The columns of a CSV, in their order. */
export const factNames = [
  ...([
    'position',
    'at',
    'kind',
    'type',
    'request',
    'number',
    'action',
    'service',
    'target',
    'tier',
  ] as const),
  ...(['person', 'name', 'email', 'decision', 'rules', 'note', 'hash'] as const),
] as const;

export type EntryFacts = Readonly<Record<(typeof factNames)[number], string>>;

export function factsOf({ link, hash, body }: AuditEntry): EntryFacts {
  const said = bodySchema.safeParse(body).data ?? {};
  const { target, review, verdict, problem } = said;
  const by = personOf(said.requester) ?? personOf(review) ?? personOf(said.by);
  const service = target?.service?.name ?? (target?.kind === 'service' ? target.name : undefined);
  return {
    position: String(link.position),
    at: new Date(link.at).toISOString(),
    kind: link.kind,
    type: link.type,
    request: link.request ?? '',
    number: link.seq === undefined ? '' : String(link.seq),
    action: said.action ?? '',
    service: service ?? '',
    target: target?.name ?? '',
    tier: target?.tier ?? '',
    person: by?.id ?? '',
    name: by?.name ?? '',
    email: by?.email ?? '',
    decision: review?.decision ?? verdict?.outcome ?? said.because ?? '',
    rules: link.kind === 'event' ? rulesIn(body).join(' ') : '',
    // What people typed: nothing that looks like a secret leaves.
    note: redactSecrets(
      review?.note ??
        said.note ??
        said.bypass?.reason ??
        problem?.sentence ??
        said.sentence ??
        said.rule ??
        '',
    ),
    hash,
  };
}

/** Ids of the rules that a body speaks of: in reasons, requirements and emergencies. */
export function rulesIn(body: unknown): readonly string[] {
  return [...new Set(leavesOf(body).flatMap(([key, value]) => (ruleKeys.has(key) ? [value] : [])))];
}

const ruleKeys: ReadonlySet<string> = new Set(['rule', 'rules']);

/** Every text in a body, under the name of its field. */
export function leavesOf(body: unknown, key = ''): readonly (readonly [key: string, value: string])[] {
  if (typeof body === 'string') return [[key, body]];
  if (body === null || typeof body !== 'object') return [];
  if (Array.isArray(body)) return body.flatMap((one) => leavesOf(one, key));
  return Object.entries(body).flatMap(([name, inner]) => leavesOf(inner, name));
}

const text = z.string().optional().catch(undefined);
const personSchema = z.object({ id: text, by: text, name: text, email: text });
const bodySchema = z.object({
  action: text,
  because: text,
  note: text,
  sentence: text,
  rule: text,
  requester: personSchema.optional().catch(undefined),
  by: z.union([personSchema, z.string()]).optional().catch(undefined),
  target: z
    .object({
      kind: text,
      name: text,
      tier: text,
      service: z.object({ name: text }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  review: personSchema.extend({ decision: text, note: text }).optional().catch(undefined),
  verdict: z.object({ outcome: text }).optional().catch(undefined),
  problem: z.object({ sentence: text }).optional().catch(undefined),
  bypass: z.object({ reason: text }).optional().catch(undefined),
});

interface Named {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

/** A review names its person in `by`; some events name another request there, or a policy. */
function personOf(value: z.infer<typeof personSchema> | string | undefined): Named | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? { id: value } : { ...value, id: value.id ?? value.by };
}
