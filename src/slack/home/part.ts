/** One part of Home: its title with the number, its first rows, and how many more there are. */
import type { KnownBlock } from '@slack/types';
import { bold, context, divider, section } from '../blocks.ts';

/** Nothing when there is nothing: the summary above has said so. */
export function part<One>(
  title: string,
  all: readonly One[],
  max: number,
  draw: (one: One) => readonly KnownBlock[],
  rest = '`/requests`',
): KnownBlock[] {
  if (all.length === 0) return [];
  const left = all.length - max;
  return [
    divider(),
    section(bold(`${title} (${all.length})`)),
    ...all.slice(0, max).flatMap(draw),
    ...(left > 0 ? [context(`and ${left} more: ${rest}`)] : []),
  ];
}
