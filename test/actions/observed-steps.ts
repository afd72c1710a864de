/** An action whose steps are watched: what each of them changes, and that `find` is asked as after a crash. */
import type { Action, Actions, ChangeAction } from '../../src/core/action.ts';
import type { Look } from './bench-look.ts';
import { shipped } from './bench-world.ts';
import { changedParts, type Parts, partsOf } from './look-parts.ts';

type AnyStep = ReturnType<ChangeAction['steps']>[number];

/** By step id: which parts of the outside it changed; what has no undo of its own is its predecessor's. */
export type Footprints = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * After each effect its answer is lost, and what the step then finds is taken for it.
 * @param begun is called before each step, so that faults can leave alone what was looked at before the first.
 */
export function lookingAgain(name: string, begun: () => void): Actions {
  return withSteps(name, (steps) =>
    steps.map((step) => ({
      ...step,
      async do(input, context) {
        begun();
        const outcome = await step.do(input, context);
        const found = outcome.state === 'done' ? await step.find?.(input, context) : undefined;
        return found ?? outcome;
      },
    })),
  );
}

/** @param look is asked between the steps, which take turns for it. */
export function observed(
  name: string,
  look: () => Promise<Look> | undefined,
  begun: () => void,
): { readonly actions: Actions; readonly footprints: Footprints } {
  const footprints = new Map<string, Set<string>>();
  let last: Parts | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const note = async (owner: string) => {
    const seen = await look();
    if (!seen) return;
    const parts = partsOf(seen);
    const mine = footprints.get(owner) ?? new Set();
    for (const key of changedParts(last ?? parts, parts)) mine.add(key);
    footprints.set(owner, mine);
    last = parts;
  };
  const actions = withSteps(
    name,
    (steps) => {
      let owner = '';
      return steps.map((step) => {
        if (step.undo) owner = step.id;
        const mine = owner;
        return {
          ...step,
          do(input, context) {
            const done = turn.then(async () => {
              last ??= await look()?.then(partsOf);
              const outcome = await step.do(input, context);
              await note(mine);
              return outcome;
            });
            turn = done.catch(() => undefined);
            return done;
          },
        };
      });
    },
    lookingAgain(name, begun),
  );
  return { actions, footprints };
}

function withSteps(
  name: string,
  change: (steps: readonly AnyStep[]) => readonly AnyStep[],
  actions: Actions = shipped,
): Actions {
  const action = actions.get(name);
  if (!action || action.effect === 'read') return actions;
  return new Map<string, Action>(actions).set(name, {
    ...action,
    steps: (input, catalog) => change(action.steps(input, catalog)),
  });
}
