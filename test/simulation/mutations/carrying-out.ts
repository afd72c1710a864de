/** Guards of carrying out: who holds a request or a lock, each effect once, and taking it back. */
import type { Mutation } from './mutation.ts';

export const carryingOut: readonly Mutation[] = [
  {
    name: 'leases: what somebody holds is given to another',
    edits: [
      {
        file: 'store/claims.ts',
        find: "    .where(freeFrom, '<=', now)\n",
        replace: "    .where('due_at', '<=', now)\n",
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
        find: 'const fence = row.lease_fence + 1;',
        replace: 'const fence = row.lease_fence;',
      },
    ],
    breaks: ['one holder'],
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
        find: "due.filter((one) => one.state !== 'running' || isMadeAgain(one, known))",
        replace: 'due.filter(() => isMadeAgain === undefined)',
      },
    ],
    breaks: ['intent before effect'],
  },
  {
    name: 'looking: nobody looks for an effect whose answer was lost',
    edits: [
      {
        file: 'runner/run-steps.ts',
        find: "if (step.state !== 'running') return undefined;",
        replace: 'if (step.id) return undefined;',
      },
    ],
    breaks: ['every effect once'],
  },
  {
    name: 'dispatch: made again before GitHub shows the run of the first',
    edits: [
      {
        file: 'actions/deploy/by-workflow.ts',
        find: '      refuseTooSoon(context);\n',
        replace: '      void refuseTooSoon;\n',
      },
    ],
    breaks: ['every effect once'],
  },
  {
    name: 'standing still: whoever was overtaken records what another has recorded',
    edits: [
      {
        file: 'runner/while-ours.ts',
        find: "createDeployment: 'writes',",
        replace: "createDeployment: 'reads',",
      },
    ],
    breaks: ['every effect once'],
  },
  {
    name: 'stalled: what was woken in a queue is not tried again',
    edits: [
      {
        file: 'core/stall.ts',
        find: 'return { ...request, isShown: true, dueAt, stall',
        replace:
          'return { ...request, isShown: true, ...(request.dueAt === undefined ? {} : { dueAt }), stall',
      },
    ],
    breaks: ['every request ends'],
  },
  {
    name: 'keys: an effect has another key at each try',
    edits: [
      {
        file: 'runner/step-context.ts',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text.
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
];
