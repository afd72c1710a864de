/**
 * Mistakes to plant on purpose, each of which takes one guard away. A simulation that does not notice would not notice it
 * either if somebody made it by accident.
 */
import type { PromiseName } from '../broken-promise.ts';

export interface Mutation {
  /** The guard, and what is gone with it. */
  readonly name: string;
  /** More than one where the guard stands in several places, so that each alone would do. */
  readonly edits: readonly Edit[];
  /** Of which one must be seen to be broken. */
  readonly breaks: readonly PromiseName[];
}

export interface Edit {
  /** Below `src/`. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
}

export const mutations: readonly Mutation[] = [
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
    name: 'leases: what somebody holds is given to another',
    edits: [
      {
        file: 'store/claims.ts',
        find: "              .where((free) => free.or([free('lease_until', 'is', null), free('lease_until', '<=', now)]))\n",
        replace: '',
      },
    ],
    breaks: ['one holder'],
  },
  {
    name: 'fencing: whoever lost a claim goes on writing',
    edits: [
      {
        file: 'store/requests.ts',
        find: "if (change.claim && !(holder && holds(change.claim, holder))) return { outcome: 'lease_lost' };",
        replace: '',
      },
    ],
    breaks: ['one holder'],
  },
  {
    name: 'fences: a claim has the number of the one before',
    edits: [
      {
        file: 'store/claims.ts',
        find: 'fence: row.lease_fence + 1,',
        replace: 'fence: row.lease_fence,',
      },
    ],
    breaks: ['one holder'],
  },
  {
    name: 'versions: a change is written over one that it has not seen',
    edits: [
      {
        file: 'store/requests.ts',
        find: "if (before.version !== change.expectedVersion) return { outcome: 'conflict' };",
        replace: '',
      },
    ],
    breaks: ['no lost update'],
  },
  {
    name: 'dedupe: the same ask again is another request',
    edits: [
      {
        file: 'store/requests.ts',
        find: 'if (made) return { request: readKnown(sql, made), isNew: false };',
        replace: 'if (made) key = `${key}, again`;',
      },
    ],
    breaks: ['one ask, one request', 'nobody stumbles'],
  },
  {
    name: 'locks: what somebody has is taken by the next as well',
    edits: [
      {
        file: 'core/lock.ts',
        find: "if (other.kind === 'run' && order.kind === 'run') return true;",
        replace: "if (other.kind === 'run' && order.kind === 'run') return false;",
      },
    ],
    breaks: ['one run per lock'],
  },
  {
    name: 'lock fences: a lock has the number of the one before',
    edits: [
      {
        file: 'core/fence.ts',
        find: 'return Math.max(last + 1, now);',
        replace: 'return Math.max(last, 1, 0 * now);',
      },
    ],
    breaks: ['one run per lock'],
  },
  {
    name: 'lock end: a lock is never given back',
    edits: [
      {
        file: 'core/lock-life.ts',
        find: "return lock.kind === 'person' && status === 'succeeded' ? lock : undefined;",
        replace: 'return lock;',
      },
    ],
    breaks: ['every request ends', 'one run per lock'],
  },
  {
    name: 'queue: nobody is woken when a lock is free',
    edits: [
      {
        file: 'store/locks.ts',
        find: 'if (changed.length > 0) await wake(trx, after.id, changed, after.updatedAt);',
        replace: '',
      },
    ],
    breaks: ['every request ends'],
  },
  {
    name: 'intent: an effect is not announced before it happens',
    edits: [
      {
        file: 'runner/run-steps.ts',
        find: "due.filter(({ state }) => state !== 'running')",
        replace: 'due.filter(() => false)',
      },
    ],
    breaks: ['intent before effect'],
  },
  {
    name: 'looking: nobody looks for an effect whose answer was lost',
    edits: [
      {
        file: 'runner/run-steps.ts',
        find: "before.state === 'running' ? await step?.find?.(input, stepRun) : undefined",
        replace: 'undefined',
      },
    ],
    breaks: ['every effect once'],
  },
  {
    name: 'keys: an effect has another key at each try',
    edits: [
      {
        file: 'runner/step-context.ts',
        find: 'idempotencyKey: `${key}:${step.id}`,',
        replace: "idempotencyKey: [key, step.id, reading.now].join(':'),",
      },
    ],
    breaks: ['every effect once', 'intent before effect', 'undone is undone'],
  },
  {
    name: 'results: what a step brought back is forgotten',
    edits: [
      {
        file: 'core/advance.ts',
        find: 'const { state: _state, ...rest } = outcome;',
        replace: 'const { state: _state, result: _result, ...rest } = outcome;',
      },
    ],
    breaks: ['a result is kept'],
  },
  {
    name: 'undo: taken back in the order in which it was made',
    edits: [
      {
        file: 'runner/undo-steps.ts',
        find: 'request.steps.findLast(',
        replace: 'request.steps.find(',
      },
    ],
    breaks: ['undone is undone'],
  },
  {
    name: 'undo: a step whose result never came is not taken back',
    edits: [
      {
        file: 'runner/undo-steps.ts',
        find: 'return step.attempts > 0 &&',
        replace: "return step.state !== 'running' && step.attempts > 0 &&",
      },
    ],
    breaks: ['undone is undone'],
  },
  {
    name: 'undo: the last step that was done stays',
    edits: [
      {
        file: 'runner/undo-steps.ts',
        find: 'const next = request.steps.findLast((step) => isToUndo(step, steps?.get(step.id)));',
        replace: `const next = request.steps.findLast(
      (step, index) => index > 0 && isToUndo(step, steps?.get(step.id)),
    );`,
      },
    ],
    breaks: ['undone is undone'],
  },
  {
    name: 'expiry: nobody looks at what waits unanswered',
    edits: [
      {
        file: 'desk/attend.ts',
        find: "return ok({ commands: [{ type: 'expire' }] });",
        replace: 'return ok({ commands: [] });',
      },
    ],
    breaks: ['every request ends'],
  },
  {
    name: 'outbox: the row for a card is not written',
    edits: [
      {
        file: 'store/requests.ts',
        find: '    await followDelegations(trx, events);\n    await wantCard(trx, request);\n',
        replace: '    await followDelegations(trx, events);\n',
      },
    ],
    breaks: ['the card tells the truth'],
  },
  {
    name: 'outbox: a card counts as shown though it has changed meanwhile',
    edits: [
      {
        file: 'store/outbox.ts',
        find: "is_done: row.case().when('wanted_version', '<=', posted.shownVersion).then(1).else(0).end(),",
        replace:
          "is_done: row.case().when('wanted_version', '<=', posted.shownVersion).then(1).else(1).end(),",
      },
    ],
    breaks: ['the card tells the truth'],
  },
  {
    name: 'notices: nobody looks whether a line was said before its answer was lost',
    edits: [
      {
        file: 'slack/messenger.ts',
        find: 'if (mayBeThere && (await lost.find(where, mark, turn)).length > 0) return true;',
        replace: '',
      },
    ],
    breaks: ['told once'],
  },
  {
    name: 'cards: nobody looks whether one was posted before its answer was lost',
    edits: [
      {
        file: 'slack/lost-message.ts',
        find: 'return (reading?.messages ?? []).filter((one) => isMarked(one, mark)).map(({ ts }) => ts);',
        replace:
          'return (reading?.messages ?? []).filter((one) => isMarked(one, mark) && false).map(({ ts }) => ts);',
      },
    ],
    breaks: ['the card tells the truth', 'told once'],
  },
  {
    name: 'speaking: every replica speaks',
    edits: [
      {
        file: 'background/speak.ts',
        find: '    lease: () => leadership.current(),\n',
        replace: '',
      },
    ],
    breaks: ['told once', 'the card tells the truth'],
  },
  {
    name: 'chain: its head stays where it was',
    edits: [
      {
        file: 'store/audit-chain.ts',
        find: "await trx.updateTable('audit_head').set(head).where('name', '=', 'chain').execute();",
        replace: '',
      },
    ],
    breaks: ['the chain holds', 'nobody stumbles'],
  },
  {
    name: 'chain: what joins it is not linked to what was before',
    edits: [
      {
        file: 'store/audit-chain.ts',
        find: 'head = { position: entry.link.position, hash: entry.hash };',
        replace: 'head = { position: entry.link.position, hash: head.hash };',
      },
    ],
    breaks: ['the chain holds'],
  },
  {
    name: 'codes: a code is good for as often as it is typed',
    edits: [
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
  {
    name: 'snapshots: what is kept is not what has happened',
    edits: [
      {
        file: 'store/requests.ts',
        find: '...{ ...readableColumns(number, request), ...wake },',
        replace: '...{ ...readableColumns(number, { ...request, moves: request.moves + 1 }), ...wake },',
      },
    ],
    breaks: ['a request is its events'],
  },
];
