/** Defaults filled in as the form shows them: what people saw in a field is what is asked for. */
import { digestOf } from '../core/digest.ts';
import { isRecord } from './json-schema.ts';
import type { Plan, PlannedField } from './plan.ts';
import { type Values, valueAt, withValueAt } from './values.ts';

/** A default may let a field appear that has one too. */
const roundsMax = 5;

export function withDefaults(values: Values, planFor: (values: Values) => Plan): Values {
  let filled = values;
  for (let round = 0; round < roundsMax; round++) {
    const before = digestOf(filled);
    const { fields, parts } = planFor(filled);
    for (const keys of parts) {
      const isThere = valueAt(filled, keys) !== undefined || isBlocked(filled, keys);
      if (!isThere) filled = withValueAt(filled, keys, {});
    }
    for (const planned of fields) filled = withDefault(filled, planned);
    if (digestOf(filled) === before) break;
  }
  return filled;
}

function withDefault(values: Values, { field, keys, isDormant }: PlannedField): Values {
  const { defaultValue } = field;
  const isEmpty =
    defaultValue === undefined ||
    defaultValue === null ||
    (typeof defaultValue === 'object' && Object.keys(defaultValue).length === 0);
  if (isEmpty || keys.length === 0 || valueAt(values, keys) !== undefined) return values;
  const parent = valueAt(values, keys.slice(0, -1));
  if (isDormant && !isRecord(parent)) return values;
  // Something else than a map stands where the part would be: the check says so.
  if (isBlocked(values, keys)) return values;
  return withValueAt(values, keys, structuredClone(defaultValue));
}

function isBlocked(values: Values, keys: readonly string[]): boolean {
  return keys.slice(0, -1).some((_key, index) => {
    const inner = valueAt(values, keys.slice(0, index + 1));
    return inner !== undefined && !isRecord(inner);
  });
}
