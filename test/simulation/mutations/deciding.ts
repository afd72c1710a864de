/** Guards of what may happen at all: who asks, who answers, what for, and until when. */
import type { Mutation } from './mutation.ts';

export const deciding: readonly Mutation[] = [
  {
    name: 'self-approval: whoever asked is not known to have asked',
    edits: [
      {
        file: 'core/review-life.ts',
        find: 'return onBehalfOf === undefined ? [requester] : [requester, onBehalfOf];',
        replace: 'return onBehalfOf === undefined ? [] : [onBehalfOf];',
      },
    ],
    breaks: ['no effect without a yes'],
  },
  {
    name: 'quorum: one person with two accounts counts twice',
    edits: [
      {
        file: 'approvals/quorum.ts',
        find: '  return [id, ...emails];\n}',
        replace: '  return emails.length > 9 ? emails : [id];\n}',
      },
      {
        file: 'core/review-life.ts',
        find: 'return by === person.id || (email !== undefined && email.toLowerCase() === person.email?.toLowerCase());',
        replace: 'return by === person.id || (email !== undefined && person.email === undefined);',
      },
    ],
    breaks: ['no effect without a yes'],
  },
  {
    name: 'groups: whoever is in none that is asked counts too',
    edits: [
      {
        file: 'approvals/eligibility.ts',
        find: 'return requirement.from.some((group) => groups.includes(group));',
        replace: 'return groups.length >= 0 && requirement.from.length > 0;',
      },
    ],
    breaks: ['no effect without a yes'],
  },
  {
    name: 'groups: whoever was in one once is in it for ever',
    edits: [
      {
        file: 'desk/standing.ts',
        find: '  const catalog = context.catalog();\n  const groups',
        replace: '  const catalog = (rememberedCatalog ??= context.catalog());\n  const groups',
      },
      {
        file: 'desk/standing.ts',
        find: '/** A member without a known',
        replace: 'let rememberedCatalog: Catalog | undefined;\n/** A member without a known',
      },
    ],
    breaks: ['no effect without a yes'],
  },
  {
    name: 'accounts: whoever is deactivated still counts',
    edits: [
      {
        file: 'approvals/eligibility.ts',
        find: "if (person.kind !== 'member') return false;",
        replace: '',
      },
    ],
    breaks: ['no effect without a yes'],
  },
  {
    name: 'authors: whoever wrote it may approve it',
    edits: [
      {
        file: 'approvals/eligibility.ts',
        find: "return !not.includes('author') || isKnownNoAuthor(person, authors);",
        replace: "return true || isKnownNoAuthor(person, authors) || not.includes('author');",
      },
    ],
    breaks: ['no effect without a yes'],
  },
  {
    name: 'objections: a no among enough yes is not heard',
    edits: [
      {
        file: 'approvals/quorum.ts',
        find: 'if (others.length > 0) return',
        replace: 'if (others.length > 99) return',
      },
    ],
    breaks: ['no effect without a yes'],
  },
  {
    name: 're-evaluation: what was approved starts without another look',
    edits: [
      {
        file: 'desk/carry.ts',
        find: '      const judgement = await judge(context, action, subject, stage);\n',
        replace: `      if (stage === 'start') {
        return { commands: [{ type: 'start', plan: planned(before), ...(lock ? { lock } : {}) }] } as never;
        function planned({ steps }: PlatformRequest) {
          return steps.map(({ id: step, title, needs }) => ({ id: step, title, ...(needs ? { needs } : {}) }));
        }
      }
      const judgement = await judge(context, action, subject, stage);\n`,
      },
    ],
    breaks: ['no effect without a yes', 'answers are for what was seen'],
  },
  {
    name: 'freeze: a window holds nothing',
    edits: [
      {
        file: 'approvals/evaluate.ts',
        find: "return windows.includes(window.name) === (side === 'inside');",
        replace: "return windows.includes(window.name) && side !== 'inside';",
      },
    ],
    breaks: ['no effect without a yes'],
  },
  {
    name: 'digest: an answer to what it was counts for what it is',
    edits: [
      {
        file: 'desk/review.ts',
        find: 'if (asked.digest !== request.digest) return refuse(outOfDateProblem(request));',
        replace: 'asked = { ...asked, digest: request.digest ?? asked.digest };',
      },
    ],
    breaks: ['answers are for what was seen'],
  },
  {
    name: 'moves: answers outlive what they were given to',
    edits: [
      {
        file: 'core/fold.ts',
        find: '        reviews: [],\n        voided: request.reviews,\n        moves',
        replace: '        reviews: request.reviews,\n        voided: request.reviews,\n        moves',
      },
    ],
    breaks: ['no effect without a yes', 'answers are for what was seen'],
  },
  {
    name: 'expiry: nobody looks at what waits unanswered',
    edits: [
      {
        file: 'desk/attend.ts',
        find: "return ok({ commands: [{ type: 'expire' }] });",
        // Later again and again, as otherwise it would be asked without end.
        replace: '{ again = now + 3_600_000; return ok({ commands: [] }); }',
      },
    ],
    breaks: ['every request ends'],
  },
  {
    name: 'codes: a code is good for as often as it is typed',
    edits: [
      {
        file: 'codes/create-codes.ts',
        find: 'if (step === undefined || step <= lastStep) {',
        replace: 'if (step === undefined || step < lastStep - 9) {',
      },
      {
        file: 'store/codes.ts',
        find: "    .where('last_step', '<', step)\n    .executeTakeFirst();\n  return numUpdatedRows > 0n;",
        replace: '    .executeTakeFirst();\n  return numUpdatedRows > 0n;',
      },
    ],
    breaks: ['a code once'],
  },
  {
    name: 'emergencies: nobody asks whether the last one was looked at',
    edits: [
      {
        file: 'desk/glass.ts',
        find: '.filter((one) => one.id !== own && isSamePerson(one.requester, requester))',
        replace:
          '.filter((one) => one.id !== own && isSamePerson(one.requester, requester) && own === one.id)',
      },
    ],
    breaks: ['somebody looks at emergencies'],
  },
  {
    name: 'emergencies: nothing says that glass was broken',
    edits: [
      {
        file: 'core/advance.ts',
        find: '  if (!glass || known) return [];\n',
        replace: '  if (!glass || known || now > 0) return [];\n',
      },
    ],
    breaks: ['no effect without a yes'],
  },
];
