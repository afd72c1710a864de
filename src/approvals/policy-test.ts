/** Examples of a policy: facts given over defaults, and the verdict expected of them. Pure: a file in, a report out. */
import { z } from 'zod';
import { factsSchema } from '../core/facts.ts';
import { didYouMean, listOf } from '../core/text.ts';
import { outcomes, type Verdict } from '../core/verdict.ts';
import { inFileOrder, type Mistake, type Read, type Source } from '../documents/document.ts';
import type { Path } from '../documents/positions.ts';
import { readDocument } from '../documents/read-document.ts';
import { listOrOne } from '../documents/zod-mistakes.ts';
import { evaluate } from './evaluate.ts';
import type { Policy } from './policy.ts';

const factsGiven = z.record(z.string(), z.unknown());

const exampleSchema = z.strictObject({
  /** The promise, as a sentence. */
  name: z.string().min(1),
  /** The name of an earlier example, whose facts these are laid over. */
  like: z.string().optional(),
  given: factsGiven.default({}),
  expect: z.strictObject({
    outcome: z.enum(outcomes),
    /** The rules that the reasons name. */
    by: listOrOne(z.string()).optional(),
    /** As "2 from payments, sre". */
    requirements: listOrOne(z.string()).optional(),
    warnings: listOrOne(z.string()).optional(),
    shadows: listOrOne(z.string()).optional(),
  }),
});

const testFileSchema = z.strictObject({
  /** Facts that an example need not tell. */
  defaults: factsGiven,
  examples: z.array(exampleSchema).min(1),
});

export interface ExampleResult {
  readonly name: string;
  readonly line: number;
  /** What came out otherwise than expected, as sentences; none when the promise is kept. */
  readonly failures: readonly string[];
}

export function runPolicyTest(policy: Policy, source: Source): Read<readonly ExampleResult[]> {
  const read = readDocument(source, testFileSchema);
  if (!read.ok) return read;
  const { value: file, positions } = read;
  const mistakes: Mistake[] = [];
  const results: ExampleResult[] = [];
  const givenTo = new Map<string, unknown>();
  for (const [index, { name, like, given, expect }] of file.examples.entries()) {
    const path: Path = ['examples', index];
    if (like !== undefined && !givenTo.has(like)) {
      const nearest = didYouMean(like, givenTo.keys());
      mistakes.push(
        positions.at([...path, 'like'], `there is no example "${like}" before this one.${nearest}`),
      );
    }
    const whole = merge(like === undefined ? file.defaults : givenTo.get(like), given);
    givenTo.set(name, whole);
    const facts = factsSchema.safeParse(whole);
    if (facts.success) {
      const { line } = positions.at(path, '');
      results.push({ name, line, failures: differences(expect, evaluate(policy, facts.data)) });
    } else {
      const complaints = facts.error.issues.map((issue) =>
        positions.at(
          [...path, 'given', ...issue.path],
          `the fact ${issue.path.join('.')}: ${issue.message}.`,
        ),
      );
      mistakes.push(...complaints);
    }
  }
  return mistakes.length > 0 ? { ok: false, mistakes: inFileOrder(mistakes) } : { ok: true, value: results };
}

function differences(expected: z.output<typeof exampleSchema>['expect'], verdict: Verdict): string[] {
  const found = { ...shown(verdict), outcome: [verdict.outcome] };
  const wanted = { ...expected, outcome: [expected.outcome] };
  return (['outcome', 'by', 'requirements', 'warnings', 'shadows'] as const).flatMap((key) => {
    const [want, have] = [wanted[key], found[key]].map((list) => list && [...list].sort().join('; '));
    if (want === undefined || want === have) return [];
    const why = verdict.reasons.map(({ rule = 'no rule', text }) => `${rule}: ${text}`);
    return [`${key}: expected ${want || 'none'}, found ${have || 'none'} (because of ${listOf(why)})`];
  });
}

function shown(verdict: Verdict) {
  const rules = (reasons: Verdict['reasons']) => [...new Set(reasons.flatMap(({ rule }) => rule ?? []))];
  return {
    by: rules(verdict.reasons),
    requirements: verdict.requirements.map(({ count, from }) => `${count} from ${from.join(', ')}`),
    warnings: rules(verdict.warnings),
    shadows: rules(verdict.shadows),
  };
}

/** Maps are merged, anything else is replaced. */
function merge(under: unknown, over: unknown): unknown {
  if (!isMap(under) || !isMap(over)) return over;
  const keys = [...new Set([...Object.keys(under), ...Object.keys(over)])];
  return Object.fromEntries(
    keys.map((key) => [key, Object.hasOwn(over, key) ? merge(under[key], over[key]) : under[key]]),
  );
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
