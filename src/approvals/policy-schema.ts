/** What a policy file may say. README.md in this folder teaches it. */
import { z } from 'zod';
import { parseDuration } from '../core/duration.ts';
import { weekdays } from '../core/facts.ts';
import { dnsLabel, tiers } from '../core/names.ts';
import { periods } from '../core/time-zone.ts';
import { exclusions, outcomes } from '../core/verdict.ts';
import { oneOrMore } from '../documents/zod-mistakes.ts';
import { limitSides } from './limits.ts';

/** A rule's effect: `enforce` decides, `warn` tells the requester, `shadow` is only recorded. */
export const modes = ['enforce', 'warn', 'shadow'] as const;
export type Mode = (typeof modes)[number];

/** Slack shows a sentence of a card in 3,000 characters; a reason that long helps nobody. */
const sentence = z.string().trim().min(1).max(300);
const condition = z.string().trim().min(1);

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  context.addIssue({ code: 'custom', message: `"${text}" is not a time span like 8h or 2d` });
  return z.NEVER;
});

const days = weekdays.map((day) => day.slice(0, 3));
const weekTime = z
  .string()
  .regex(
    new RegExp(`^(?:${days.join('|')}) (?:[01][0-9]|2[0-3]):[0-5][0-9]$`),
    'write a day and a time, like "fri 16:00"',
  )
  .transform((text) => ({
    day: days.indexOf(text.slice(0, 3)) + 1,
    hour: Number(text.slice(4, 6)),
    minute: Number(text.slice(7, 9)),
  }));

const windowSchema = z.strictObject({
  /** As people call it: "the weekend freeze". */
  title: z.string().min(1).max(75).optional(),
  /** The catalog's when not given. */
  zone: z.string().optional(),
  /** One of three: times of the week, */
  weekly: oneOrMore(z.strictObject({ from: weekTime, to: weekTime })).optional(),
  /** when it begins by cron, or when by RFC 5545, from `starts` on; */
  cron: oneOrMore(z.string()).optional(),
  rrule: z.string().optional(),
  starts: z
    .string()
    .regex(
      /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d$/,
      'write a day and a time, like 2026-12-20T18:00',
    )
    .optional(),
  /** and how long it lasts then. */
  for: z.string().optional(),
});
export type WindowInFile = z.output<typeof windowSchema>;

const requireSchema = z.strictObject({
  count: z.int().min(1).max(20).default(1),
  /** Groups of the catalog; `owners` are those of the service, `team` is the target's. */
  from: oneOrMore(z.string()),
  /** Never counted, though in one of the groups. The requester never is, named or not. */
  not: oneOrMore(z.enum(exclusions)).default([]),
  because: sentence,
  expires_after: duration.optional(),
  /** A yes counts only with a sentence of its own. */
  comment: z.literal('required').optional(),
  /** A yes counts only with a second factor: a code of an authenticator app. */
  step_up: z.literal('code').optional(),
  /** `false`: answered in person only, not by somebody to whom a voice was lent. */
  delegates: z.literal(false).optional(),
  /** Who is asked as well, and may answer from then on, when it still waits after this long. */
  escalate: z.strictObject({ to: oneOrMore(z.string()), after: duration }).optional(),
});

const limitSchema = z.strictObject({
  /** As people call what is counted: "environments of the team". */
  title: z.string().min(1).max(75).optional(),
  on: oneOrMore(z.string()).optional(),
  tier: oneOrMore(z.enum(tiers)).optional(),
  service: oneOrMore(z.string()).optional(),
  team: oneOrMore(z.string()).optional(),
  /** What is made or run. */
  blueprint: oneOrMore(z.string()).optional(),
  workflow: oneOrMore(z.string()).optional(),
  per: z.enum(limitSides).default('team'),
  /** One of three: requests `within` a span, */
  requests: z.int().min(1).max(10_000).optional(),
  within: duration.optional(),
  /** environments alive at once, */
  alive: z.int().min(1).max(10_000).optional(),
  /** money in every such period, for some teams another amount. */
  money: z.number().min(0).optional(),
  every: z.enum(periods).optional(),
  money_of: z.record(z.string(), z.number().min(0)).optional(),
  beyond: z.strictObject({ deny: sentence.optional(), require: oneOrMore(requireSchema).optional() }),
  mode: z.enum(modes).default('enforce'),
});
export type LimitInFile = z.output<typeof limitSchema>;

const breakGlassSchema = z.strictObject({
  /** Groups. */
  who: oneOrMore(z.string()),
  on: oneOrMore(z.string()).optional(),
  tier: oneOrMore(z.enum(tiers)).optional(),
  service: oneOrMore(z.string()).optional(),
  team: oneOrMore(z.string()).optional(),
  /** `approvals`, `windows`, `limits`, or rules that refuse, by their ids. */
  bypasses: oneOrMore(z.string()),
  /** Groups of which somebody else looks at it afterwards. */
  review: oneOrMore(z.string()),
  /** Only with a second factor: a code of their authenticator app. */
  step_up: z.literal('code').optional(),
});

export const outcomeKeys = ['allow', 'deny', 'require', 'hold'] as const;

const ruleSchema = z.strictObject({
  id: dnsLabel,
  /** Action names or effects. */
  on: oneOrMore(z.string()).optional(),
  tier: oneOrMore(z.enum(tiers)).optional(),
  service: oneOrMore(z.string()).optional(),
  /** Groups that own the target. */
  team: oneOrMore(z.string()).optional(),
  /** What is to be made or run: its own inputs can then be read, as `input.values`. */
  blueprint: oneOrMore(z.string()).optional(),
  workflow: oneOrMore(z.string()).optional(),
  when: condition.optional(),
  unless: condition.optional(),
  mode: z.enum(modes).default('enforce'),
  allow: sentence.optional(),
  deny: sentence.optional(),
  require: oneOrMore(requireSchema).optional(),
  hold: z
    .strictObject({
      /** Waits while this window is in force, */
      window: z.string().optional(),
      /** or until this one is. */
      outside: z.string().optional(),
      because: sentence,
      /** Who may let it through all the same, when it was asked for with a reason to. */
      override: oneOrMore(requireSchema.omit({ because: true })).optional(),
    })
    .optional(),
});
export type RuleInFile = z.output<typeof ruleSchema>;

/** A sentence about the whole policy that must hold of every verdict: proofs/invariants.ts. */
const invariantSchema = z.strictObject({
  id: dnsLabel,
  says: sentence,
  on: oneOrMore(z.string()).optional(),
  tier: oneOrMore(z.enum(tiers)).optional(),
  service: oneOrMore(z.string()).optional(),
  team: oneOrMore(z.string()).optional(),
  when: condition.optional(),
  unless: condition.optional(),
  /** Outcomes that nothing it speaks of may come to, */
  never: oneOrMore(z.enum(outcomes)).optional(),
  /** or what must be true of the facts and the verdict. */
  must: condition.optional(),
});
export type InvariantInFile = z.output<typeof invariantSchema>;

export const policySchema = z.strictObject({
  /** How long people have to answer when a requirement does not say. */
  expires_after: duration.default(24 * 3_600_000),
  windows: z.record(dnsLabel, windowSchema).default({}),
  limits: z.record(dnsLabel, limitSchema).default({}),
  break_glass: oneOrMore(breakGlassSchema).default([]),
  /** More would no longer be read by anybody; evaluation was measured up to this many. */
  rules: z.array(ruleSchema).min(1).max(2_000),
  /** Each is tried on every case that the rules can tell apart, whenever the file is read. */
  invariants: z.array(invariantSchema).max(50).default([]),
});
export type PolicyInFile = z.output<typeof policySchema>;
