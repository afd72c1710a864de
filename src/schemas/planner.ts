/** Plans of one schema: all that may be asked for, and what is asked for once some values are known. */
import { digestOf } from '../core/digest.ts';
import type { JsonSchema, PreparedSchema } from './json-schema.ts';
import { type Plan, planOf } from './plan.ts';
import type { Validator } from './validator.ts';
import type { Values } from './values.ts';

export interface Planner {
  readonly all: Plan;
  shown(values: Values): Plan;
}

/** Schemas looked at for one plan; the largest of the charts we know (Milvus) takes 1,200. */
const stepsMax = 10_000;
/** Plans that are kept for the values that were asked about last. */
const recentMax = 8;

export function createPlanner({ root, definitions }: PreparedSchema, validator: Validator): Planner {
  const plan = (values: Values, takesAll: boolean): Plan => {
    let steps = 0;
    return planOf(root, values, {
      definition: (reference) => definitions[reference.slice('#/$defs/'.length)],
      holds: (part, value) => validator.holds(part, value),
      takesAll,
      spend: () => ++steps <= stepsMax,
    });
  };
  const everything = plan({}, true);
  // Where nothing hangs on anything, one plan does for all values.
  const plain = isConditional(root, definitions) ? undefined : plan({}, false);
  const recent = new Map<string, Plan>();
  return {
    all: everything,
    shown(values) {
      if (plain) return plain;
      // A form asks for the same values several times over while it is drawn.
      const key = digestOf(values);
      const known = recent.get(key) ?? plan(values, false);
      recent.delete(key);
      recent.set(key, known);
      const [oldest] = recent.keys();
      if (recent.size > recentMax && oldest !== undefined) recent.delete(oldest);
      return known;
    },
  };
}

function isConditional(root: JsonSchema, definitions: PreparedSchema['definitions']): boolean {
  const text = JSON.stringify([root, definitions], (key, value: unknown) =>
    key === 'default' || key === 'description' ? undefined : value,
  );
  return /"(?:if|anyOf|oneOf|dependentRequired|dependentSchemas)":/u.test(text);
}
