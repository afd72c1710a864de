/** What stands in the place of a select that has nothing to offer: why, and what to do about it. */
import type { ContextBlock } from '@slack/types';
import type { ChoiceSource } from '../../core/action.ts';
import { bold, context, inline } from '../blocks.ts';
import type { FormField } from './fields.ts';
import { blockIdFor } from './inputs.ts';

/** `parent`: the value of the field that the choices hang on; empty while nothing is chosen there. */
export function barrenBlock(
  field: FormField,
  parent: string,
  choices: readonly unknown[],
): ContextBlock | undefined {
  if (field.kind !== 'choice' || choices.length > 0) return undefined;
  const words = barren[field.source];
  if (!words) return undefined;
  const line = parent === '' ? words.first : words.none(inline(parent, 100));
  return { ...context(`${bold(field.title, 75)}: ${line}`), block_id: `none-${blockIdFor(field.name)}` };
}

/** Of those that are short and asked for whole; what is found by typing may be there all the same. */
const barren: Partial<Record<ChoiceSource, { readonly first: string; none(parent: string): string }>> = {
  operations: {
    first: 'choose the environment first; its blueprint says what can be done in it.',
    none: (environment) =>
      `the blueprint of ${environment} offers nothing to do. What there is to know of it: \`/env show ${environment}\`.`,
  },
  locks: {
    first: 'nobody else holds a lock now.',
    none: (place) => `nobody else holds a lock of ${place} now.`,
  },
};
