/** What of an input is otherwise than before, field by field, in words. Pure. */
import type { Action } from './action.ts';
import { digestOf } from './digest.ts';
import { fitRedacted } from './redact.ts';
import type { FieldChange } from './review-life.ts';

type Input = Readonly<Record<string, unknown>>;

/** Longer values are for the card to show, not for a line of the history. */
const valueMax = 100;

/** In the schema's order. What a blueprint asks for beside stands under its own path. */
export function fieldChanges(
  action: Pick<Action, 'input'>,
  before: Input,
  after: Input,
): readonly FieldChange[] {
  const paths = new Set([...Object.keys(action.input.shape), ...pathsOf(before), ...pathsOf(after)]);
  return [...paths].flatMap((path) => {
    const [from, to] = [valueAt(before, path), valueAt(after, path)];
    if (isNested(from) || isNested(to) || digestOf({ from }) === digestOf({ from: to })) return [];
    return [{ field: path, title: titleOf(action, path), ...textOf('from', from), ...textOf('to', to) }];
  });
}

/** The field's label; of a further field its path. */
export function titleOf({ input }: Pick<Action, 'input'>, field: string): string {
  return input.shape[field]?.meta()?.title ?? field.replace(/^values\./u, '');
}

function pathsOf(value: Input, prefix = ''): string[] {
  return Object.entries(value).flatMap(([name, inner]) =>
    isNested(inner) ? pathsOf(inner, `${prefix}${name}.`) : [`${prefix}${name}`],
  );
}

function valueAt(value: Input, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => (isNested(inner) ? inner[name] : undefined), value);
}

function isNested(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf<Key extends 'from' | 'to'>(key: Key, value: unknown): { readonly [K in Key]?: string } {
  if (value === undefined) return {};
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { [key]: fitRedacted(text, valueMax) } as { readonly [K in Key]: string };
}
