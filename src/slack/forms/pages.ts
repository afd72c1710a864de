/** Which fields stand together on a page of a form. Pure. */
import type { FormField } from './fields.ts';

/** More inputs than this and a modal is scrolled rather than read; a few more are better than a page for them. */
const fieldsPerPage = 12;
const onePageMax = 15;

/**
 * One page while it can be read as one. Otherwise what belongs together by name (`ingress.host`, `ingress.tls`) stays
 * together where that leaves no page nearly empty.
 */
export function pagesOf(fields: readonly FormField[]): readonly (readonly FormField[])[] {
  if (fields.length <= onePageMax) return [fields];
  const pages: FormField[][] = [[]];
  for (const group of groupsOf(fields)) {
    for (const [index, field] of group.entries()) {
      const page = pages.at(-1) ?? [];
      const wouldPart = index === 0 && page.length + group.length > fieldsPerPage;
      const isFull = page.length >= fieldsPerPage || (wouldPart && page.length >= fieldsPerPage / 2);
      if (isFull) pages.push([field]);
      else page.push(field);
    }
  }
  return pages;
}

/** Neighbours whose names begin alike. */
function groupsOf(fields: readonly FormField[]): FormField[][] {
  const groups: FormField[][] = [];
  let last: string | undefined;
  for (const field of fields) {
    const parts = field.name.split('.');
    const name = parts.length > 2 ? parts.slice(0, 2).join('.') : field.name;
    if (name === last) groups.at(-1)?.push(field);
    else groups.push([field]);
    last = name;
  }
  return groups;
}
