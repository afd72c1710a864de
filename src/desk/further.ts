/** What an action asks for beside its own input: the schema that holds now, and its word on what was answered. */
import type { Action } from '../core/action.ts';
import type { Catalog } from '../core/catalog.ts';
import type { InputSchema } from '../core/input-schema.ts';
import { ok, problem, type Result, refuse } from '../core/problem.ts';

type Input = Readonly<Record<string, unknown>>;

export function furtherOf(action: Action, input: Input, catalog: Catalog): InputSchema | undefined {
  return action.further?.(input, catalog);
}

/** What stands in fields that are left out, now that this much is known. */
export function presetsOf(action: Action, input: Input, catalog: Catalog): Input {
  return action.presets?.(input, catalog) ?? {};
}

/** The input with its further values checked and their defaults filled in; a problem names fields below `values`. */
export function withCheckedValues(action: Action, input: Input, catalog: Catalog): Result<Input> {
  if (!action.further) return ok(input);
  const values = isMap(input.values) ? input.values : {};
  const schema = furtherOf(action, input, catalog);
  if (!schema)
    return Object.keys(values).length === 0 ? ok({ ...input, values }) : refuse(nothingMore(values));
  const checked = schema.check(values);
  if (checked.ok) return ok({ ...input, values: checked.value });
  const { fields = {}, ...cause } = checked.problem;
  const below = Object.entries(fields).map(([path, text]) => [`values.${path}`, text] as const);
  return refuse({ ...cause, fields: Object.fromEntries(below) });
}

function isMap(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nothingMore(values: Input) {
  const [name = ''] = Object.keys(values);
  return problem('bad_input', `"${name}" is not asked for here.`, 'Leave it out and ask again.', {
    fields: { [`values.${name}`]: 'is not asked for here' },
  });
}
