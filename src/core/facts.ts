/**
 * Everything that an evaluation may look at: gathered before, recorded whole with the verdict, so that any verdict
 * can be computed again. The schema is also what expressions in the policy are checked against.
 */
import { z } from 'zod';
import { tiers } from './names.ts';
import { personKinds } from './person.ts';

export const effects = ['read', 'create', 'change', 'destroy'] as const;
export type Effect = (typeof effects)[number];

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

export const checkStates = ['green', 'red', 'pending', 'none'] as const;
export type CheckState = (typeof checkStates)[number];

export const changeFactsSchema = z.strictObject({
  /** How many commits would go out that are not there now. */
  commits: z.int().min(0),
  /** E-mail addresses of their authors, as far as they are members. */
  authors: z.array(z.string()),
  /** How many of the commits were written, also in part, by somebody whom the catalog does not know; bots are none. */
  strangers: z.int().min(0).default(0),
  /** Of the exact commit: `red` when any check failed. */
  checks: z.enum(checkStates),
  /** Of those that the service requires: `missing` when one has never run for this commit; `none` when none is required. */
  requiredChecks: z.enum(['green', 'red', 'pending', 'missing', 'none']),
  /** Whether a file changes that the service's catalog entry calls a migration. */
  migrations: z.boolean(),
  /**
   * Whether exactly this commit runs, as the newest there, in the environment that the catalog puts before this one;
   * `kept` when there is none before it. `by_hand`: only a record says so that a person wrote at GitHub themselves.
   */
  order: z.enum(['kept', 'by_hand', 'skipped', 'unknown']),
  /** How much changes, in files and lines; all 0 when GitHub was not asked. */
  size: z.strictObject({ files: z.int().min(0), additions: z.int().min(0), deletions: z.int().min(0) }),
});
export type ChangeFacts = z.infer<typeof changeFactsSchema>;

/** What holds of a change of no code, and of one whose facts could not be had. */
export const noChange: ChangeFacts = {
  commits: 0,
  authors: [],
  strangers: 0,
  checks: 'none',
  requiredChecks: 'none',
  migrations: false,
  order: 'kept',
  size: { files: 0, additions: 0, deletions: 0 },
};

export const costFactsSchema = z.strictObject({ perHour: z.number(), perDay: z.number() });
export type CostFacts = z.infer<typeof costFactsSchema>;

export const environmentFactsSchema = z.strictObject({
  /** Since its parts were made. */
  ageHours: z.number().min(0),
  /** Until its end as it is now. */
  hoursLeft: z.number().min(0),
  timesExtended: z.int().min(0),
  /** By all extensions so far. */
  extendedHours: z.number().min(0),
  /** By the extension that is asked for. */
  addedHours: z.number().min(0),
  /** Since a person last did something with it. */
  idleHours: z.number().min(0),
  isAsleep: z.boolean(),
});
export type EnvironmentFacts = z.infer<typeof environmentFactsSchema>;

/** Of the person's lock on what it changes; somebody else's when there are several. */
export const lockFactsSchema = z.strictObject({
  /** The holder's e-mail address; empty when nobody holds it. */
  heldBy: z.string(),
  isOwn: z.boolean(),
  /** It is on everything. */
  isGlobal: z.boolean(),
});
export type LockFacts = z.infer<typeof lockFactsSchema>;
export const noLock: LockFacts = { heldBy: '', isOwn: false, isGlobal: false };

/** `override`: to go ahead in spite of a window; `break_glass`: to go ahead at once, and answer for it afterwards. */
export const bypassKinds = ['none', 'override', 'break_glass'] as const;

/** How much of one of the policy's limits is used up, in its own unit. */
export const limitFactsSchema = z.strictObject({
  used: z.number().min(0),
  /** By this request, if it goes through. */
  adds: z.number().min(0),
});
export type LimitFacts = z.infer<typeof limitFactsSchema>;

export const factsSchema = z.strictObject({
  action: z.string(),
  effect: z.enum(effects),
  requester: z.strictObject({
    id: z.string(),
    kind: z.enum(personKinds),
    email: z.string(),
    groups: z.array(z.string()),
    onCall: z.boolean(),
    /** The e-mail address of whom they report to; empty when nobody has said it. */
    manager: z.string().default(''),
  }),
  /** As the action's schema parsed it. */
  input: z.record(z.string(), z.unknown()),
  target: z.strictObject({
    kind: z.enum(['environment', 'service', 'workflow']),
    name: z.string(),
    tier: z.enum(tiers),
    /** The group that owns the target; empty when nobody does. */
    team: z.string(),
  }),
  /** The target's: of a service its tags in the catalog. */
  labels: z.array(z.string()).default([]),
  /** Empty name and no owners when the target is not a service. */
  service: z.strictObject({ name: z.string(), owners: z.array(z.string()) }),
  /** Of the living environment that it is about; all 0 when it is about none. */
  environment: environmentFactsSchema,
  change: changeFactsSchema,
  cost: costFactsSchema,
  usage: z.strictObject({
    /** Of the requester's team. */
    environmentsAlive: z.int().min(0),
    /** By the requester, this one not counted. */
    requestsLastHour: z.int().min(0),
    requestsLastDay: z.int().min(0),
  }),
  lock: lockFactsSchema,
  /** With what the requester asks not to wait, and why. */
  bypass: z
    .strictObject({ kind: z.enum(bypassKinds), reason: z.string() })
    .default({ kind: 'none', reason: '' }),
  /** Emergencies of the requester's that nobody has looked at yet, as `REQ-12`. */
  debts: z.array(z.string()).optional(),
  /** By the names of the policy's limits; without it nothing was counted, and no limit is looked at. */
  limits: z.record(z.string(), limitFactsSchema).optional(),
  /** Names of the policy's windows that are in force now. */
  windows: z.array(z.string()),
  /** `at` is the moment of asking, in milliseconds since the epoch: when a window ends is counted from it. */
  time: z.strictObject({
    at: z.number(),
    hour: z.int().min(0).max(23),
    weekday: z.enum(weekdays),
    zone: z.string(),
  }),
  /**
   * Paths of facts that could not be had (`change.checks`, `requester.groups`): their values above are only
   * placeholders, and no rule may be satisfied by one.
   */
  unknown: z.array(z.string()),
  /** Groups in which the requester may be as well: who is in them could not be asked. `requester.groups` is then unknown. */
  mayBeIn: z.array(z.string()).optional(),
  /** For people, why one of them could not be had, by its path. */
  doubts: z.record(z.string(), z.string()).optional(),
});
export type Facts = z.infer<typeof factsSchema>;
/** Of a request about which nothing special is to be said. */
export const nothingSpecial = { labels: [], bypass: { kind: 'none', reason: '' } } satisfies Partial<Facts>;
