/** kill -9 right after Slack was told that an answer is taken: it is carried out all the same. */
import { setTimeout as sleep } from 'node:timers/promises';
import { personIdSchema, type RequestId, requestIdSchema } from '../../../src/core/ids.ts';
import type { SeenMessage } from '../seen.ts';
import type { Trial } from '../stage.ts';
import type { World } from '../world.ts';

/** Leads the platform, and so may say yes to what the others ask for. */
const lee = personIdSchema.parse('U0LEE');

export function answeredTrial({ times }: { readonly times: number }): Trial {
  return {
    name: 'killed after an answer',
    tried: 'somebody says yes, and the process is killed as soon as Slack has its acknowledgement',
    mustHold:
      'each acknowledged yes counts, though most were not looked at by then; or, where one was interrupted again and again, its giver is asked to look',
    ...{ database: 'sqlite', replicas: 1, isAlone: true },
    options: { isHasty: true },
    async play({ world, people, broken }) {
      const acknowledged: RequestId[] = [];
      let early = 0;
      let asked = 0;
      // A loaded machine does not acknowledge each in time: that yes was promised nothing, and another is tried.
      while (acknowledged.length < times && asked < triesMax * times) {
        const name = `a${asked++}`;
        await people.type('U0DANA', `/env create ${name} --ttl 1h --cpu 6`);
        const card = await waitingCard(world, name);
        const answered = await people.press(lee, card, 'card.approve');
        await Promise.all(world.bots.living().map((bot) => bot.kill()));
        const id = requestIdSchema.parse(card.mark?.id);
        if (answered?.ok) {
          acknowledged.push(id);
          early += (await withoutYes(world, [id])).length;
        }
        await world.readyBot();
      }
      const left = await stillWithoutYes(world, acknowledged);
      const lost = left.filter(
        (id) => !world.seen.told.some((text) => text.includes(`interrupted when you clicked on ${id},`)),
      );
      broken.push(
        ...lost.map((id) => `the yes to ${id} was acknowledged, and neither counts nor was given back`),
      );
      const found = `${acknowledged.length} of ${asked} acknowledged, ${early} of them killed before they were looked at; ${left.length} given back`;
      return { times: asked, found };
    },
  };
}

/** The card that asks for that environment: others may come late, of what people did before. */
async function waitingCard({ seen }: World, name: string): Promise<SeenMessage> {
  const until = Date.now() + withinMs;
  while (Date.now() < until) {
    const card = [...seen.messages.values()].find(
      ({ mark, text }) => mark?.kind === 'card' && text.includes(` create environment ${name}. It waits `),
    );
    if (card) return card;
    await sleep(5);
  }
  throw new Error(`the request for ${name} got no card`);
}

const triesMax = 4;
/** By the machine's clock. */
const withinMs = 20_000;

async function stillWithoutYes(world: World, ids: readonly RequestId[]): Promise<readonly RequestId[]> {
  const until = Date.now() + withinMs;
  let left = await withoutYes(world, ids);
  while (left.length > 0 && Date.now() < until) {
    await sleep(200);
    left = await withoutYes(world, left);
  }
  return left;
}

async function withoutYes({ database }: World, ids: readonly RequestId[]): Promise<readonly RequestId[]> {
  const store = await database.open();
  try {
    const histories = await Promise.all(ids.map(async (id) => ({ id, events: await store.history(id) })));
    return histories
      .filter(
        ({ events }) => !events.some(({ event }) => event.type === 'reviewed' && event.review.by === lee),
      )
      .map(({ id }) => id);
  } finally {
    await store.close();
  }
}
