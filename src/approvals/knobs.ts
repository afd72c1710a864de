/** What a requester can turn: fields of the input that some rule looks at, and waiting. Pure. */
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { hourMs } from '../core/duration.ts';
import type { Facts } from '../core/facts.ts';
import type { Moment } from '../core/ids.ts';
import type { VerdictChange } from '../core/verdict.ts';
import type { Policy, Rule } from './policy.ts';
import type { Knob } from './unblock.ts';
import { activeWindows, nextStart, timeFacts } from './windows.ts';

/** The part of an action's input schema (`z.toJSONSchema`) that says what can be turned, and how far. */
const fieldSchema = z.looseObject({
  type: z.string().optional(),
  title: z.string().default(''),
  /** From an action's `FieldMeta`. */
  unit: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
});
type Field = z.infer<typeof fieldSchema>;
const inputSchema = z.looseObject({ properties: z.record(z.string(), fieldSchema).default({}) });

/** A field with more whole numbers than this between nothing and its value is turned only to what rules name. */
const wholeNumbersMax = 64;
/** How far ahead a rule that looks at the clock is followed: a week comes round in it. */
const hoursMax = 8 * 24;
/** Windows that follow upon each other. */
const windowsMax = 20;

/** `input` is `z.toJSONSchema` of the action's own. A field that was left out has nothing to be turned from. */
export function inputKnobs(policy: Policy, facts: Facts, input: unknown): readonly Knob[] {
  const rules = rulesFor(policy, facts);
  const paths = new Set(rules.flatMap(readsOf));
  // What it costs follows from how large it is.
  const followsSize = [...paths].some((path) => path.startsWith('cost'));
  return Object.entries(inputSchema.parse(input).properties).flatMap(([field, schema]) => {
    const from = facts.input[field];
    const path = `input.${field}`;
    if (!paths.has(path) && !(followsSize && typeof from === 'number')) return [];
    const values = valuesOf(schema, from, literalsOf(rules, path), followsSize);
    const title = schema.unit ?? midSentence(schema.title);
    const changes = values.map((to) => inputChange(field, title, from as number | string, to));
    return changes.length === 0 ? [] : [changes];
  });
}

/** None when no rule looks at the clock. */
export function waitKnob(policy: Policy, facts: Facts): readonly Knob[] {
  const rules = rulesFor(policy, facts);
  const reads = (name: string) =>
    rules.some((rule) => readsOf(rule).some((path) => path === name || path.startsWith(`${name}.`)));
  const holds = rules.some(({ outcome }) => outcome.kind === 'hold');
  if (!holds && !reads('windows') && !reads('time')) return [];
  const hours =
    reads('time') || reads('windows') ? hoursAfter(facts, hoursNamed(rules, reads('windows'))) : [];
  const moments = [...new Set([...windowEnds(policy, facts.time.at), ...hours])].sort((a, b) => a - b);
  const now = activeWindows(policy, facts.time.at);
  return [moments.map((until) => waitUntil(until, now, policy, facts))];
}

/** The same facts at a later moment. What has been asked for until then is not counted down: it may be asked again. */
export function factsAt(policy: Policy, facts: Facts, at: Moment): Facts {
  const { environment } = facts;
  const hours = (at - facts.time.at) / hourMs;
  return {
    ...facts,
    environment:
      environment.ageHours === 0
        ? environment
        : {
            ...environment,
            ageHours: environment.ageHours + hours,
            idleHours: environment.idleHours + hours,
            hoursLeft: Math.max(0, environment.hoursLeft - hours),
          },
    windows: activeWindows(policy, at).map(({ name }) => name),
    time: timeFacts(facts.time.zone, at),
  };
}

function rulesFor(policy: Policy, { action }: Facts): readonly Rule[] {
  return (policy.rulesOf.get(action) ?? []).filter(({ mode }) => mode === 'enforce');
}

function readsOf({ when, unless }: Rule): readonly string[] {
  return [...(when?.reads ?? []), ...(unless?.reads ?? [])];
}

function literalsOf(rules: readonly Rule[], path: string): readonly unknown[] {
  return rules.flatMap(({ when, unless }) =>
    [when, unless].flatMap((one) => [...(one?.literals.get(path) ?? [])]),
  );
}

/** "Replicas" is no name, "CPU" is. */
function midSentence(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? `${title.charAt(0).toLowerCase()}${title.slice(1)}` : title;
}

function inputChange(
  field: string,
  title: string,
  from: number | string,
  to: number | string,
): VerdictChange {
  return { kind: 'input', field, title, from, to };
}

/** Other values that the field may have, the nearest first. */
function valuesOf(
  schema: Field,
  from: unknown,
  literals: readonly unknown[],
  followsSize: boolean,
): readonly (number | string)[] {
  if (typeof from === 'string') return (schema.enum ?? []).filter((value) => value !== from);
  if (typeof from !== 'number') return [];
  const numbers = literals.filter((one) => typeof one === 'number');
  const near = numbers.flatMap((one) => [Math.floor(one - 1), one, Math.ceil(one + 1)]);
  const all =
    followsSize && from <= wholeNumbersMax ? Array.from({ length: Math.ceil(from) }, (_, n) => n) : [];
  const { minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity } = schema;
  return [...new Set([...near, ...all])]
    .filter((value) => value !== from && value >= minimum && value > exclusiveMinimum && value <= maximum)
    .filter((value) => schema.type !== 'integer' || Number.isInteger(value))
    .sort((one, other) => Math.abs(one - from) - Math.abs(other - from));
}

/** When each window next begins; when what is in force now is over, and what is in force then, and so on. */
function windowEnds(policy: Policy, now: Moment): Moment[] {
  const starts = [...policy.windows.values()].map((window) => nextStart(window, now));
  const ends = new Set(starts.filter((moment) => moment !== undefined));
  const waiting = [now];
  for (let at = waiting.shift(); at !== undefined && ends.size < windowsMax; at = waiting.shift()) {
    for (const { until } of activeWindows(policy, at)) {
      if (until === undefined || ends.has(until)) continue;
      ends.add(until);
      waiting.push(until);
    }
  }
  return [...ends];
}

/** The hours of a day at which a rule may say something else; all of them where it looks at windows. */
function hoursNamed(rules: readonly Rule[], all: boolean): (hour: number) => boolean {
  const named = literalsOf(rules, 'time.hour').map(Number);
  // At midnight the weekday changes; the hour after one that is named is the first beyond it.
  return (hour) => all || hour === 0 || named.includes(hour) || named.includes(hour - 1);
}

function hoursAfter({ time }: Facts, isNamed: (hour: number) => boolean): Moment[] {
  const local = Temporal.Instant.fromEpochMilliseconds(time.at).toZonedDateTimeISO(time.zone);
  const first = local.round({ smallestUnit: 'hour', roundingMode: 'floor' });
  return Array.from({ length: hoursMax }, (_, hours) => first.add({ hours: hours + 1 }))
    .filter(({ hour }) => isNamed(hour))
    .map((moment) => moment.epochMilliseconds);
}

function waitUntil(
  until: Moment,
  now: ReturnType<typeof activeWindows>,
  policy: Policy,
  { time }: Facts,
): VerdictChange {
  const then = activeWindows(policy, until).map(({ name }) => name);
  return {
    kind: 'wait',
    from: time.at,
    until,
    windows: now.filter(({ name }) => !then.includes(name)).map(({ title }) => title),
  };
}
