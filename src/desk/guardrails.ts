/** What the guardrails tell of themselves to one person: their rules, a verdict explained, and the report. */

import { evaluate } from '../approvals/evaluate.ts';
import { describeVerdict } from '../approvals/explain.ts';
import { describeWay } from '../approvals/explain-ways.ts';
import { mayAsk } from '../approvals/may-ask.ts';
import { reportOf } from '../approvals/report.ts';
import { linesFor } from '../approvals/rule-lines.ts';
import { traceRules } from '../approvals/trace.ts';
import { groupTitles } from '../core/catalog.ts';
import { type Facts, factsSchema } from '../core/facts.ts';
import type { Explanation, Guardrails } from '../core/guardrails.ts';
import { type RequestId, readRequestId } from '../core/ids.ts';
import type { Person } from '../core/person.ts';
import { ProblemError, problem } from '../core/problem.ts';
import type { Verdict } from '../core/verdict.ts';
import type { DeskContext } from './context.ts';
import { gatherFacts } from './gather-facts.ts';
import { judge } from './judge.ts';
import { standingOf } from './standing.ts';
import { readAsk } from './submit.ts';

/** More than a busy platform sees in a month. */
const requestsMax = 10_000;

export function guardrailsFor(context: DeskContext, reader: Person): Guardrails {
  return {
    concerning: () => {
      const standing = standingOf(context, reader);
      const actions = [...context.actions.keys()].filter((name) => mayAsk(context.policy(), name, standing));
      return linesFor(context.policy(), standing, actions, groupTitles(context.catalog()));
    },
    explain: (asked) => {
      const id = readRequestId(asked);
      return id === undefined ? explainLine(context, asked, reader) : explainRequest(context, id, reader);
    },
    report: async (spanMs) => {
      const since = context.clock.now() - spanMs;
      const requests = await context.store.list({ since, limit: requestsMax });
      const changes = [...context.actions].flatMap(([name, { effect }]) => (effect === 'read' ? [] : [name]));
      const owing = await context.store.list({ owesReview: true, limit: requestsMax });
      return {
        ...reportOf(context.policy(), requests, new Set(changes)),
        reads: await context.store.countReads(since),
        debts: owing
          .map(({ id, requester, glass, createdAt }) => {
            return { id, by: requester.name, brokenAt: glass?.brokenAt ?? createdAt };
          })
          .toSorted((one, other) => one.brokenAt - other.brokenAt),
      };
    },
  };
}

/** As it was judged last, by the rules as they are now. */
async function explainRequest(context: DeskContext, id: RequestId, reader: Person): Promise<Explanation> {
  const request = await context.store.load(id);
  const [newest] = await context.store.evaluations(id);
  const facts = factsSchema.loose().safeParse(newest?.facts);
  if (!request || !facts.success) {
    throw new ProblemError(
      problem(
        'not_found',
        `There is nothing to explain of ${id}.`,
        'See `/requests` for those that there are.',
      ),
    );
  }
  return explained(context, id, facts.data as Facts, request.verdict, reader);
}

async function explainLine(context: DeskContext, line: string, reader: Person): Promise<Explanation> {
  const read = context.readLine(line);
  if (!read.ok) throw new ProblemError(read.problem);
  const found = await readAsk(context, { ...read.value, requester: reader, origin: { surface: 'command' } });
  if (!found.ok) throw new ProblemError(found.problem);
  const { action, subject } = found.value;
  if (action.effect === 'read') {
    const facts = await gatherFacts(context, subject, {});
    return explained(context, line, facts, evaluate(context.policy(), facts), reader);
  }
  const { evaluation, verdict } = await judge(context, action, subject, 'submit');
  return explained(context, line, evaluation.facts as Facts, verdict, reader);
}

function explained(
  context: DeskContext,
  of: string,
  facts: Facts,
  known: Verdict | undefined,
  { timeZone }: Person,
): Explanation {
  const policy = context.policy();
  const titles = groupTitles(context.catalog());
  const verdict = known ?? evaluate(policy, facts);
  return {
    of,
    outcome: verdict.outcome,
    sentence: `${describeVerdict(verdict, titles, timeZone).replace(/\.$/, '')}.`,
    rules: traceRules(policy, facts).map(({ rule, counts, why }) => ({ id: rule.id, counts, why })),
    ways: (verdict.ways ?? []).map((way) => describeWay(way, titles, timeZone)),
  };
}
