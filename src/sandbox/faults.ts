/**
 * Breaking things on purpose. A rule names an operation of a box and what goes wrong with it; every box asks
 * `next` once for each call it receives (and the Slack box once for each envelope that it sends).
 */
import { z } from 'zod';

export const boxNames = ['slack', 'github', 'cluster', 'prometheus'] as const;
export type BoxName = (typeof boxNames)[number];

export const faultSchema = z.discriminatedUnion('kind', [
  /** An HTTP answer instead of the effect: 429 (with Retry-After), 500, 502, 503, ... */
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    retryAfterSeconds: z.int().min(0).optional(),
    body: z.unknown().optional(),
  }),
  /** The answer comes `delayMs` late, in the sandbox's time. */
  z.strictObject({ kind: z.literal('slow'), delayMs: z.int().min(1) }),
  /** No answer ever: nothing happens and the caller must give up by itself. */
  z.strictObject({ kind: z.literal('timeout') }),
  /** The connection is torn down before anything happens. */
  z.strictObject({ kind: z.literal('reset') }),
  /** The effect takes place, then the connection is torn down: the caller cannot know. */
  z.strictObject({ kind: z.literal('lost-response') }),
  /** What the box sends by itself (envelopes, webhooks): it is delivered twice. */
  z.strictObject({ kind: z.literal('duplicate') }),
  /** What the box sends by itself: it is held back until the next one was delivered. */
  z.strictObject({ kind: z.literal('reorder') }),
  /** An envelope's socket is closed before it goes out; a watch breaks at its first event; a call is torn like `reset`. */
  z.strictObject({ kind: z.literal('drop-socket') }),
]);
export type Fault = z.infer<typeof faultSchema>;

/** Faults of what a box sends by itself: a call that it answers has none of these. */
const onlySent: ReadonlySet<Fault['kind']> = new Set(['duplicate', 'reorder']);
/** Boxes that only answer. */
const silent: ReadonlySet<BoxName> = new Set(['cluster', 'prometheus']);
const isSent = (operation: string) => /^(envelope|webhook):/.test(operation);

export const faultRuleSchema = z
  .strictObject({
    box: z.enum(boxNames),
    /**
     * What it applies to; `*` stands for anything. Slack: a method (`chat.*`) or `envelope:<type>`.
     * The others: `<METHOD> <path>` (`POST /repos/*\/dispatches`); GitHub also `webhook:<event>`.
     */
    operation: z.string().min(1).max(300),
    fault: faultSchema,
    /** Only from the nth matching call on, counted from 1. */
    fromCall: z.int().min(1).default(1),
    /** How many calls it hits before it is used up; unlimited when not given. */
    times: z.int().min(1).optional(),
    /** 0 to 1, drawn from `seed`: the same seed breaks the same calls. */
    probability: z.number().min(0).max(1).default(1),
    seed: z.int().default(1),
  })
  .refine((rule) => !silent.has(rule.box) || !onlySent.has(rule.fault.kind), {
    path: ['fault', 'kind'],
    message: 'This box sends nothing by itself that could come twice or out of order.',
  });
export type FaultRule = z.infer<typeof faultRuleSchema>;

export interface ActiveFaultRule extends FaultRule {
  readonly id: string;
  readonly matched: number;
  readonly hit: number;
}

export interface Faults {
  /** Adds a rule and returns its id. @throws ZodError when the rule is not one. */
  add(rule: z.input<typeof faultRuleSchema>): string;
  remove(id: string): boolean;
  clear(): void;
  list(): readonly ActiveFaultRule[];
  /** The fault that hits this call, if any. Counts the call. */
  next(box: BoxName, operation: string): Fault | undefined;
}

export function createFaults(): Faults {
  const rules = new Map<string, { rule: ActiveFaultRule; pattern: RegExp; draw: () => number }>();
  let lastId = 0;

  return {
    add(input) {
      const rule = faultRuleSchema.parse(input);
      const id = `fault-${++lastId}`;
      rules.set(id, {
        rule: { ...rule, id, matched: 0, hit: 0 },
        pattern: globToRegExp(rule.operation),
        draw: seededDraw(rule.seed),
      });
      return id;
    },
    remove: (id) => rules.delete(id),
    clear: () => rules.clear(),
    list: () => [...rules.values()].map((entry) => entry.rule),
    next(box, operation) {
      for (const entry of rules.values()) {
        if (entry.rule.box !== box || !entry.pattern.test(operation)) continue;
        if (onlySent.has(entry.rule.fault.kind) && !isSent(operation)) continue;
        const matched = entry.rule.matched + 1;
        const usedUp = entry.rule.times !== undefined && entry.rule.hit >= entry.rule.times;
        const hits = matched >= entry.rule.fromCall && !usedUp && entry.draw() < entry.rule.probability;
        entry.rule = { ...entry.rule, matched, hit: entry.rule.hit + (hits ? 1 : 0) };
        if (hits) return entry.rule.fault;
      }
      return undefined;
    },
  };
}

function globToRegExp(glob: string): RegExp {
  const escaped = glob.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`);
}

/** A small seeded generator (mulberry32): the same seed gives the same numbers, from 0 up to 1. */
export function seededDraw(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
