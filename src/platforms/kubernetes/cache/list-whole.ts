/** A whole list, page by page, as of one moment of the cluster. */
import type { z } from 'zod';
import { listSchema } from '../shapes.ts';
import type { Transport } from '../transport.ts';
import { Expired } from './errors.ts';

/** What client-go takes as a page. */
const pageItems = 500;
/** A server whose continue tokens never end is no server. */
const pagesMax = 1_000;

/**
 * @returns the items, and the version from which a watch goes on without missing anything.
 * @throws Expired when the list was too slow for the cluster's memory: begin again.
 */
export async function listWhole<Item>(
  transport: Transport,
  path: string,
  schema: z.ZodType<Item>,
  query: Readonly<Record<string, string>>,
  keep: (item: Item) => Item,
): Promise<{ items: Item[]; resourceVersion: string }> {
  const page = listSchema(schema);
  const items: Item[] = [];
  let next = '';
  for (let count = 0; count < pagesMax; count++) {
    const from = next === '' ? {} : { continue: next };
    const answer = page.parse(
      await transport.call({
        method: 'GET',
        path,
        query: { ...query, limit: String(pageItems), ...from },
      }),
    );
    for (const item of (answer.items ?? []) as Item[]) items.push(keep(item));
    next = answer.metadata.continue;
    if (next === '') return { items, resourceVersion: answer.metadata.resourceVersion };
  }
  throw new Expired('the list does not end');
}
