/** In which order people are asked: the author's list, the author's numbers, else as the properties are written. */
import type { Shape } from './shape.ts';

export function inOrder({ properties, hints }: Shape): string[] {
  const names = [...properties.keys()];
  const listed = Array.isArray(hints.order) ? hints.order.filter((name) => properties.has(name)) : [];
  if (listed.length > 0) {
    // `*` of a form library stands for whatever is not named; without it they come last.
    return [...new Set([...listed, ...names])];
  }
  const place = (name: string) => {
    const property = properties.get(name);
    const order = typeof property === 'object' ? property.hints?.order : undefined;
    return typeof order === 'number' ? order : Number.POSITIVE_INFINITY;
  };
  const places = new Map(names.map((name, index) => [name, { at: place(name), index }]));
  return names.sort((a, b) => {
    const [one, other] = [places.get(a), places.get(b)];
    if (!one || !other || one.at === other.at) return (one?.index ?? 0) - (other?.index ?? 0);
    return one.at - other.at;
  });
}
