/** What the guardrails say of a request, and what reviews still have to say. Data only: recorded as it stands. */
import { z } from 'zod';
import { personIdSchema } from './ids.ts';

export const outcomes = ['allow', 'require_approval', 'hold', 'deny'] as const;
export type Outcome = (typeof outcomes)[number];

export const reasonCodes = [
  /** A rule allows it. */
  'rule_allows',
  /** A rule refuses it. */
  'rule_denies',
  /** A rule wants approvals. */
  'rule_requires',
  /** A rule wants it to wait for a window. */
  'rule_holds',
  /** No rule speaks of it: what nobody allowed does not run. */
  'nothing_matched',
  /** A rule depends on a fact that could not be had. */
  'fact_unknown',
  /** A rule's expression failed while it ran. */
  'rule_failed',
  /** A rule would let it wait for a window, and it was asked for with a reason to go ahead: these people decide. */
  'overridden',
  /** More than a limit lets through. */
  'limit_reached',
  /** In an emergency it runs at once; what it went past is looked at afterwards. */
  'glass_broken',
  /** An emergency that is not let through as one. */
  'glass_refused',
  /** A requirement that nobody could ever meet. */
  'nobody_can_approve',
] as const;

export const reasonSchema = z.strictObject({
  code: z.enum(reasonCodes),
  /** The rule's id in the policy file. */
  rule: z.string().optional(),
  /** For people: "more than 4 CPU". */
  text: z.string(),
});
export type Reason = z.infer<typeof reasonSchema>;

/** Who is never counted, though a member of `from`. The requester is excluded always, named or not. */
export const exclusions = ['requester', 'author'] as const;

export const requirementSchema = z.strictObject({
  /** Stable within a policy version: the rule's id, and its place when a rule has several. */
  id: z.string(),
  rule: z.string(),
  /** How many distinct people must say yes. */
  count: z.int().min(1).max(20),
  /** Groups by name; a member of any of them counts. Never empty. */
  from: z.array(z.string()).min(1),
  not: z.array(z.enum(exclusions)),
  /** For people: "more than 4 CPU". */
  because: z.string(),
  /** How long people have to answer, from the moment it starts waiting. */
  expiresAfterMs: z.int().min(1),
  /** A yes without a note does not count. */
  needsComment: z.literal(true).optional(),
  /** A yes without this second factor does not count: a time-based code. */
  stepUp: z.literal('code').optional(),
  /** Answered in person: a voice that was lent does not count. */
  delegates: z.literal(false).optional(),
  /** Groups that may answer it as well once it has waited so long; nobody of them may before. */
  escalates: z.strictObject({ to: z.array(z.string()).min(1), afterMs: z.int().min(1) }).optional(),
});
export type Requirement = z.infer<typeof requirementSchema>;

/** One thing that would be otherwise: a field of the input, or the time of day. */
export const changeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('input'),
    /** Its path: `cpu`, and `values.size` for what a blueprint or workflow asks for. */
    field: z.string(),
    /** The field's label: "CPU". */
    title: z.string(),
    from: z.union([z.number(), z.string(), z.boolean()]),
    to: z.union([z.number(), z.string(), z.boolean()]),
  }),
  z.strictObject({
    kind: z.literal('wait'),
    /** When it was looked at. */
    from: z.number(),
    until: z.number(),
    /** Of the windows that are over by then, as people call them. */
    windows: z.array(z.string()),
  }),
]);
export type VerdictChange = z.infer<typeof changeSchema>;

/** What would let it run, tried out on the guardrails: all of these at once, and none of them for nothing. */
export const waySchema = z.strictObject({
  changes: z.array(changeSchema).min(1),
  /** What the guardrails say then. */
  leadsTo: z.enum(['allow', 'require_approval']),
  /** With `require_approval`. */
  requirements: z.array(requirementSchema),
});
export type Way = z.infer<typeof waySchema>;

export const verdictSchema = z.strictObject({
  outcome: z.enum(outcomes),
  reasons: z.array(reasonSchema),
  /** With `require_approval`, and with `hold` for when the window opens. All of them must be met. */
  requirements: z.array(requirementSchema),
  /** With `hold`: the window, and when it ends if that can be told. */
  hold: z.strictObject({ window: z.string(), until: z.number().optional() }).optional(),
  /** With `allow`, of an emergency: the rules that it goes past, and groups of which somebody looks at it afterwards. */
  glass: z
    .strictObject({
      rules: z.array(z.string()),
      review: z.array(z.string()),
      /** Only with this second factor. */
      stepUp: z.literal('code').optional(),
    })
    .optional(),
  /** Rules in mode `warn` that matched: told to the requester, without effect. */
  warnings: z.array(reasonSchema),
  /** Rules in mode `shadow` that matched: recorded only. */
  shadows: z.array(reasonSchema),
  policyVersion: z.string(),
  /** Beside anything that does not run at once: what would, the smallest change first. */
  ways: z.array(waySchema).optional(),
});
export type Verdict = z.infer<typeof verdictSchema>;

export const reviewSchema = z.strictObject({
  by: personIdSchema,
  /** As it was at the click, so that one person's two accounts are seen as one. */
  email: z.string().optional(),
  name: z.string(),
  /** Theirs at the click: what the card shows this review to count for. Authority is checked afresh at the start. */
  groups: z.array(z.string()),
  /** `request_changes` ends nothing and lets nothing through: it waits for its requester to edit it. */
  decision: z.enum(['approve', 'request_changes', 'deny']),
  note: z.string().max(3000).optional(),
  at: z.number(),
  /** Who had lent them their voice at the click, where it counts by that: "Lee for Olga". */
  standsFor: z
    .array(
      z.strictObject({
        by: personIdSchema,
        email: z.string().optional(),
        name: z.string(),
        groups: z.array(z.string()),
      }),
    )
    .optional(),
  /** What they saw: a review of anything else does not count. */
  digest: z.string(),
  /** The second factor that came with it, once it was checked and spent. */
  factor: z.literal('code').optional(),
});
export type Review = z.infer<typeof reviewSchema>;

/** How far the reviews have come. */
export interface Quorum {
  /** `lost`: somebody who counts said no. */
  readonly state: 'open' | 'met' | 'lost';
  readonly parts: readonly QuorumPart[];
  readonly deniedBy?: Review;
  /** Of those who count; none when it does not wait for its requester. While there are any, nothing is met. */
  readonly changesAsked?: readonly Review[];
}

export interface QuorumPart {
  readonly requirement: Requirement;
  /** Distinct people whose yes counts here, in the order in which they said it. */
  readonly approvals: readonly Review[];
  readonly missing: number;
}
