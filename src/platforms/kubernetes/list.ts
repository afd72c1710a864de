/** All items of a list, page by page. */
import type { z } from 'zod';
import { listSchema } from './shapes.ts';
import type { Transport } from './transport.ts';

/** What client-go takes as a page. */
const pageItems = 500;
/** 5,000 items: more Pods or warnings than one namespace can show to anybody. The first ones are then told of. */
const pagesMax = 10;

export async function listAll<Item extends z.ZodType>(
  transport: Transport,
  path: string,
  item: Item,
  query: Readonly<Record<string, string>> = {},
): Promise<z.infer<Item>[]> {
  const schema = listSchema(item);
  const items: z.infer<Item>[] = [];
  let next = '';
  for (let page = 0; page < pagesMax; page++) {
    const answer = schema.parse(
      await transport.call({
        method: 'GET',
        path,
        query: { ...query, limit: String(pageItems), ...(next === '' ? {} : { continue: next }) },
      }),
    );
    items.push(...((answer.items ?? []) as z.infer<Item>[]));
    next = answer.metadata.continue;
    if (next === '') break;
  }
  return items;
}
