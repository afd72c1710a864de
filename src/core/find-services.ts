/** The catalog's services as they are looked for, read once for each version of its file. */
import type { Catalog } from './catalog.ts';
import { searchable } from './search.ts';
import type { Service } from './service.ts';

type Named = [name: string, service: Service];

/** By the services alone: a catalog is made anew for each question, with the people who are in its groups by then. */
const read = new WeakMap<Catalog['services'], (words: string, limit: number) => Named[]>();

/** The nearest first. */
export function findServices(
  catalog: Pick<Catalog, 'services' | 'groups'>,
  words: string,
  limit: number,
): Named[] {
  const find =
    read.get(catalog.services) ??
    searchable(Object.entries(catalog.services), (one) => textsOf(one, catalog));
  read.set(catalog.services, find);
  return find(words, limit);
}

/** By weight: what it is called, who has it, what it is for. */
function textsOf([name, service]: Named, { groups }: Pick<Catalog, 'groups'>): string[] {
  const owners = service.owners.flatMap((owner) => [owner, groups[owner]?.title ?? '']);
  return [
    `${name} ${service.title}`,
    `${owners.join(' ')} ${service.repository} ${service.tags.join(' ')}`,
    service.description ?? '',
  ];
}
