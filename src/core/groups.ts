/**
 * Groups of people: named in the catalog, made of others, or known elsewhere (a Slack user group, a team at GitHub, a
 * schedule). What is known elsewhere is remembered with its age; what is too old is unknown, which is neither nobody nor
 * anybody. Pure.
 */
import { z } from 'zod';
import type { Moment } from './ids.ts';
import { title, dnsLabel as word } from './names.ts';

export const groupSchema = z.strictObject({
  title,
  /** E-mail addresses, as in the workspace. */
  members: z.array(z.email()).default([]),
  /** Whoever is in these groups of the catalog is in this one too. */
  includes: z.array(word).optional(),
  /** A Slack user group, by its id or its handle. */
  slack: z
    .string()
    .regex(/^(?:S[A-Z0-9]{2,20}|@[a-z0-9._-]{1,80})$/, 'write its id, S0123ABCD, or its handle, @sre')
    .optional(),
  /** A team at GitHub; its people are found by their logins, under `people`. */
  github: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'write organisation/team')
    .optional(),
  /** Whoever is on call by this schedule of the catalog. */
  onCall: word.optional(),
});
export type Group = z.infer<typeof groupSchema>;
export type Groups = Readonly<Record<string, Group>>;

/** Who is on call: named here, told by an address that answers JSON, or by PagerDuty. */
export const scheduleSchema = z.union([
  z.strictObject({ members: z.array(z.email()) }),
  z.strictObject({ http: z.url({ protocol: /^https?$/, error: 'give a whole address, with https://' }) }),
  z.strictObject({
    pagerduty: z.string().regex(/^P[A-Z0-9]{3,20}$/, "write the schedule's id, like PI7DH85"),
  }),
]);
export type Schedule = z.infer<typeof scheduleSchema>;

/** Where members are known beside the catalog. */
export const groupSources = ['slack', 'github', 'onCall'] as const;
export type GroupSourceKind = (typeof groupSources)[number];

export interface GroupSource {
  /**
   * E-mail addresses of those who are in it now.
   * @throws ProblemError when that cannot be told now, or there is no such group.
   */
  members(ref: string): Promise<readonly string[]>;
}

export interface KnownMembers {
  readonly members: readonly string[];
  /** When the source said so. */
  readonly at: Moment;
}

/** `slack @sre`: under what its members are remembered. */
export function sourceKey(kind: GroupSourceKind, ref: string): string {
  return `${kind} ${ref}`;
}

export interface SourceRef {
  readonly kind: GroupSourceKind;
  readonly ref: string;
}

export function sourceRefs(group: Group): readonly SourceRef[] {
  return groupSources.flatMap((kind) => (group[kind] === undefined ? [] : [{ kind, ref: group[kind] }]));
}

/** Whether its members are known elsewhere, all or some of them, here or in one that it includes. */
export function isOpenGroup(groups: Groups, name: string): boolean {
  return [...withIncluded(groups, name)].some((one) => {
    const group = groups[one];
    return group !== undefined && sourceRefs(group).length > 0;
  });
}

/** Groups that include one another in a ring, each once, in the order of the ring; empty when there is none. */
export function ringIn(groups: Groups): readonly string[] {
  for (const start of Object.keys(groups)) {
    const ring = ringFrom(groups, start, [start]);
    if (ring) return ring;
  }
  return [];
}

function ringFrom(groups: Groups, from: string, path: readonly string[]): readonly string[] | undefined {
  for (const next of groups[from]?.includes ?? []) {
    if (next === path[0]) return path;
    const ring = path.includes(next) ? undefined : ringFrom(groups, next, [...path, next]);
    if (ring) return ring;
  }
  return undefined;
}

export interface ResolvedGroups {
  /** With everybody who is known to be in them. */
  readonly groups: Groups;
  /** Of those that may have members whom nobody knows: why, by name. */
  readonly unknown: Readonly<Record<string, string>>;
  /** When something that is known now will be too old. */
  readonly until: Moment;
}

/** `staleMs`: how old what a source said may be. */
export function resolveGroups(
  groups: Groups,
  known: ReadonlyMap<string, KnownMembers>,
  now: Moment,
  staleMs: number,
): ResolvedGroups {
  const resolved: Record<string, Group> = Object.create(null);
  const unknown: Record<string, string> = Object.create(null);
  let until = Number.POSITIVE_INFINITY;
  for (const [name, group] of Object.entries(groups)) {
    const members = new Set<string>();
    for (const one of withIncluded(groups, name)) {
      const part = groups[one];
      for (const member of part?.members ?? []) members.add(member);
      for (const { kind, ref } of part ? sourceRefs(part) : []) {
        const said = known.get(sourceKey(kind, ref));
        if (!said || now - said.at > staleMs) {
          unknown[name] = doubt(kind, ref, said?.at);
          continue;
        }
        until = Math.min(until, said.at + staleMs + 1);
        for (const member of said.members) members.add(member);
      }
    }
    resolved[name] = { ...group, members: [...members] };
  }
  return { groups: resolved, unknown, until };
}

/** "the Slack user group @sre was last heard of at 2026-11-21T10:02Z". */
function doubt(kind: GroupSourceKind, ref: string, at: Moment | undefined): string {
  const what = { slack: 'the Slack user group', github: 'the GitHub team', onCall: 'the schedule' }[kind];
  const when = at === undefined ? 'has not been heard of' : `was last heard of at ${iso(at)}`;
  return `${what} ${ref} ${when}`;
}

function iso(at: Moment): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}

/** Itself first. A ring is a mistake in the catalog; here it only ends. */
function withIncluded(groups: Groups, name: string): ReadonlySet<string> {
  const found = new Set([name]);
  for (const one of found) for (const next of groups[one]?.includes ?? []) found.add(next);
  return found;
}
