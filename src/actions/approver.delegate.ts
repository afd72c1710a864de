/** `/requests delegate`: out of office, a colleague answers requests in one's place for a while. */
import { z } from 'zod';
import { type ChangeAction, defineAction, type FieldMeta, type ReadContext } from '../core/action.ts';
import { refuseDelegation } from '../core/delegation.ts';
import type { Moment } from '../core/ids.ts';
import { type Person, personSchema } from '../core/person.ts';
import { ProblemError } from '../core/problem.ts';
import { listOf } from '../core/text.ts';
import { momentText } from '../core/time-zone.ts';
import { answersTarget, isUntil, ownDelegation, untilOf, zoneOf } from './approver/away.ts';
import { colleagueField } from './people/colleague-field.ts';

const input = z.strictObject({
  to: colleagueField,
  until: z
    .string()
    .trim()
    .refine(isUntil, 'write a time like 3d or 2w, or the day on which you are back, like 2026-12-01')
    .meta({
      title: 'Until',
      description: 'A time like 3d or 2w, or the day on which you are back: 2026-12-01.',
      placeholder: '3d',
      decides: true,
    } satisfies FieldMeta),
  note: z
    .string()
    .trim()
    .max(200)
    .optional()
    .meta({
      title: 'Note',
      description: 'Read by whoever wonders why a colleague answers.',
      placeholder: 'holiday',
    } satisfies FieldMeta),
});
type Input = z.infer<typeof input>;

const approverDelegate: ChangeAction<typeof input> = {
  title: 'Have a colleague answer for you',
  summary: 'Have a colleague answer requests in your place while you are away.',
  effect: 'change',
  channel: 'requests',
  command: {
    slash: '/requests',
    verb: 'delegate',
    spoken: 'delegate answers',
    positional: [
      { field: 'to', word: 'to' },
      { field: 'until', word: 'until', otherWord: 'for' },
      { field: 'note', isRest: true },
    ],
    examples: [
      '/requests delegate sam@acme.example 3d holiday',
      '/requests delegate sam@acme.example for 2w',
    ],
  },
  input,

  target: () => answersTarget,

  async preview(asked, context) {
    const { to, until } = await agreed(asked, context);
    const groups = groupsOf(context);
    const before = await ownDelegation(context);
    return {
      sentence: `${to.name} answers requests for ${context.requester.name} until ${momentText(until, zoneOf(context))}.`,
      details: [
        { label: 'Answers', value: to.name },
        { label: 'Until', value: momentText(until, zoneOf(context)) },
        { label: 'In place of', value: listOf(groups) || 'nobody: you are in no group that is asked' },
        ...(asked.note === undefined ? [] : [{ label: 'Note', value: asked.note }]),
      ],
      commits: [],
      resolved: { to: to.id },
      called: { to: to.name },
      cautions: before ? [`It takes the place of what ${before.to.name} was lent.`] : [],
    };
  },

  locks: () => undefined,

  steps: () => [
    {
      id: 'agreed',
      title: 'Colleague found',
      // Only looks: who answers for whom is written with the end of this request, in one transaction.
      async do(asked, context) {
        const { to, until } = await agreed(asked, context);
        return { state: 'done', result: { to: JSON.stringify(to), until: String(until) } };
      },
    },
  ],

  outputs({ note }, { results, request, requester, now, catalog }) {
    const to = personSchema.parse(JSON.parse(results.agreed?.to ?? 'null'));
    const until = Number(results.agreed?.until);
    return {
      links: [],
      notes: [
        `${to.name} answers for ${requester.name} until ${momentText(until, zoneOf({ requester, catalog }))}.`,
        'Take it back at any time with `/requests undelegate`.',
      ],
      delegation: {
        ...{ requestId: request.id, from: requester, to, since: now, until },
        ...(note === undefined ? {} : { note }),
      },
    };
  },
};

export default defineAction(approverDelegate);

/** @throws ProblemError when it cannot be lent to them, or not for so long. */
async function agreed(
  { to: named, until: text }: Input,
  context: ReadContext,
): Promise<{ readonly to: Person; readonly until: Moment }> {
  const to = await context.member(named);
  const until = untilOf(text, context.now, zoneOf(context));
  const from = context.requester;
  const refusal = refuseDelegation({ from, to, until }, await context.delegations(), context.now);
  if (refusal) throw new ProblemError(refusal);
  return { to, until };
}

function groupsOf({ catalog, requester }: ReadContext): string[] {
  const email = requester.email?.toLowerCase();
  return Object.values(catalog.groups)
    .filter(({ members }) => members.some((member) => member.toLowerCase() === email))
    .map(({ title }) => title);
}
