/** `thing.change`: an action of the simulation's own, with every kind of step there is. */
import { z } from 'zod';
import { type Action, defineAction, type Step, type StepContext } from '../../../src/core/action.ts';
import { secondMs } from '../../../src/core/duration.ts';
import { noChange } from '../../../src/core/facts.ts';
import { lockKeyOf } from '../../../src/core/lock-key.ts';
import { ok, ProblemError, problem } from '../../../src/core/problem.ts';
import type { Calls, Life } from '../calls.ts';
import type { Effect, Order, Things } from './things.ts';

export const thingNames = ['door', 'gate', 'lamp'] as const;
export const plans = ['short', 'long', 'doomed', 'wide'] as const;
const input = z.strictObject({
  name: z.enum(thingNames).meta({ title: 'Name' }),
  plan: z.enum(plans).meta({ title: 'Plan' }),
  size: z.int().min(1).max(9).default(5).meta({ title: 'Size' }),
});
type Input = z.infer<typeof input>;

/** What the simulation knows of the outside beside the things. */
export interface ThingWorld {
  readonly things: Things;
  /** What a change would bring out now, and who wrote it. */
  commit(): string;
  readonly authors: readonly string[];
  /** A step is about to reach outside. */
  leaves(order: Order, kind: Effect['kind']): void;
  /** A step had to do without what one before it had brought back. */
  lacks(key: string, step: string): void;
}

/** The lamp is anybody's; of the others one run at a time has each. */
export function thingKeys(name: (typeof thingNames)[number]) {
  if (name === 'lamp') return undefined;
  return [lockKeyOf('payments', name === 'door' ? 'staging' : 'production')];
}

export function thingAction(world: ThingWorld, calls: Calls, life: Life): Action {
  const { things } = world;

  function reach<Value>(what: string, order: Order, work: () => Value, isWrite = true): Promise<Value> {
    if (isWrite) world.leaves(order, what === 'take back' ? 'taken back' : 'done');
    return calls.make(life, {
      ...{ port: 'outside', what: `${what} ${order.key}`, isWrite, work },
      failure: () => new ProblemError(away),
    });
  }

  /** Each run of the lamp has a lamp of its own, so that what others do to it is not in its way. */
  const orderOf = ({ name }: Input, context: StepContext, part = ''): Order => ({
    thing: `${name === 'lamp' ? `lamp of ${context.request.id}` : name}${part}`,
    key: context.idempotencyKey,
    fence: context.fence,
  });

  const keyed = (id: string, part = '', more: Partial<Step<Input>> = {}): Step<Input> => ({
    id,
    title: `Set ${id}`,
    async do(asked, context) {
      const order = orderOf(asked, context, part);
      const receipt = await reach('set', order, () => things.changeOnce(order));
      return { state: 'done', result: { receipt } };
    },
    async undo(asked, context) {
      const order = orderOf(asked, context, part);
      await reach('take back', order, () => things.takeBack(order));
      return { state: 'done' };
    },
    ...more,
  });

  const marked = (id: string, after: string): Step<Input> => ({
    ...keyed(id),
    async do(asked, context) {
      const order = orderOf(asked, context);
      if (context.results[after]?.receipt === undefined) world.lacks(order.key, after);
      const receipt = await reach('change', order, () => things.change(order));
      return { state: 'done', result: { receipt } };
    },
    async find(asked, context) {
      const order = orderOf(asked, context);
      const receipt = await reach('look for', order, () => things.find(order.thing, order.key), false);
      return receipt === undefined ? undefined : { state: 'done', result: { receipt } };
    },
  });

  const waits: Step<Input> = {
    id: 'settled',
    title: 'Wait until it is quiet',
    async do(_asked, context) {
      const waited = context.now - context.stepStartedAt;
      return waited < 9 * secondMs
        ? {
            state: 'waiting',
            note: `quiet for ${Math.floor(waited / secondMs / 3) * 3} s`,
            againInMs: 2 * secondMs,
          }
        : { state: 'done' };
    },
  };

  const fails: Step<Input> = {
    id: 'checked',
    title: 'Check it',
    async do(_asked, { request }) {
      throw new ProblemError(problem('step_failed', `${request.id} does not fit.`, 'Ask for another.'));
    },
  };

  const stepsOf: Record<Input['plan'], readonly Step<Input>[]> = {
    short: [keyed('first')],
    long: [keyed('first'), marked('second', 'first'), waits, marked('third', 'second')],
    doomed: [keyed('first'), marked('second', 'first'), fails],
    wide: [
      keyed('first'),
      keyed('left', ' left', { needs: ['first'] }),
      keyed('right', ' right', { needs: ['first'] }),
      { ...marked('last', 'right'), needs: ['left', 'right'] },
    ],
  };

  return defineAction({
    title: 'Change a thing',
    summary: 'Change it.',
    effect: 'change',
    channel: 'deploys',
    command: {
      slash: '/thing',
      positional: [{ field: 'name' }, { field: 'plan' }],
      examples: ['/thing door short'],
    },
    input,
    target: ({ name }) =>
      ok({
        kind: 'service',
        name,
        tier: name === 'gate' ? 'production' : 'staging',
        team: 'payments',
        service: { name: 'payments', owners: ['payments'] },
      }),
    async preview({ name }) {
      const commit = await calls.make(life, {
        ...{ port: 'outside', what: `commit of ${name}`, isWrite: false, work: () => world.commit() },
        failure: () => new ProblemError(away),
      });
      const change = { ...noChange, commits: 1, checks: 'green' as const, authors: [...world.authors] };
      return {
        sentence: `Changes ${name}.`,
        details: [],
        commits: [],
        resolved: { commit },
        cautions: [],
        change,
      };
    },
    locks({ name }) {
      const keys = thingKeys(name);
      return keys && { keys };
    },
    narrows: { size: 'less' },
    steps: ({ plan }) => stepsOf[plan],
    outputs: () => ({ links: [], notes: [] }),
  });
}

const away = problem('outside_unavailable', 'It does not answer.', 'It is asked again.', {
  isTransient: true,
});
