/** As many fields as a form can hold: what does not fit is one field of YAML. */
import { count, fit } from '../core/text.ts';
import type { PlannedField } from './plan.ts';

const planLimits = {
  /** Fields in all: three pages of a form. Beyond it the rest is one field of YAML. */
  fieldsMax: 36,
  /** Fields of YAML that are optional: each is a box of several lines. */
  optionalYamlMax: 4,
} as const;

/** How the field that takes whatever has none of its own is called. */
export const everythingElse = 'everything-else';

/** Required and top-level first when there are too many; otherwise the author's order stands. */
export function withinLimits(found: readonly PlannedField[], isWhole: boolean): PlannedField[] {
  const ranked = found
    .map((one, index) => ({ one, index, rank: rankOf(one) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index);
  const kept = new Set<number>();
  let yamls = 0;
  for (const { one, index } of ranked) {
    const isSpare = one.field.kind.type === 'yaml' && !one.field.isRequired && !one.field.decides;
    if (isSpare && ++yamls > planLimits.optionalYamlMax) continue;
    if (kept.size < planLimits.fieldsMax - 1) kept.add(index);
  }
  // One more field costs no more than the field that would stand for it.
  if (found.length === kept.size + 1 && isWhole) return [...found];
  const isCut = kept.size < found.length;
  const shown = isCut
    ? ranked.filter(({ index }) => kept.has(index)).map(({ one }) => one)
    : found.filter((_one, index) => kept.has(index));
  const rest = found.filter((_one, index) => !kept.has(index));
  return rest.length === 0 && isWhole ? shown : [...shown, restField(rest)];
}

function rankOf({ field, keys }: PlannedField): number {
  if (field.isRequired) return 0;
  if (field.decides) return 1;
  return field.kind.type === 'yaml' ? 10 : 1 + keys.length;
}

function restField(rest: readonly PlannedField[]): PlannedField {
  const names = [...new Set(rest.map(({ keys }) => keys[0] ?? ''))];
  const why =
    rest.length === 0
      ? 'the schema takes keys that it does not name'
      : `${count(rest.length, 'more setting')} would fit no form: ${fit(names.join(', '), 200)}`;
  return {
    field: {
      path: everythingElse,
      title: 'Everything else',
      isRequired: false,
      decides: false,
      kind: { type: 'yaml', why },
    },
    keys: [],
    scalars: [],
    isDormant: false,
  };
}
