/** The people of a chaos world: by a seed they ask, answer twice and late, take back, look, and never wait for each other. */
import { type Sandbox as Client, connectSandbox } from '../../src/sandbox/client.ts';
import type { Outcome } from '../../src/sandbox/protocol.ts';
import type { SeenMessage } from './seen.ts';
import type { World } from './world.ts';

export interface People {
  /** Does something now and then until it is told to stop; resolves when the last has been answered. */
  live(options: { readonly actEveryMs: number }): { stop(): Promise<void> };
  /** Presses what is on a card; `undefined` when that is not there. */
  press(person: string, card: SeenMessage, action: string, entry?: string): Promise<Outcome | undefined>;
  /** Takes back what a card asks for, with whatever form that opens. */
  cancel(person: string, card: SeenMessage): Promise<void>;
  /** Types a line, and hears what Slack says of it. */
  type(person: string, line: string): Promise<Outcome>;
  /** What was done how often. */
  readonly done: Readonly<Record<string, number>>;
}

const [dana, priya, max, sam, olga, lee] = [
  'U0DANA',
  'U0PRIYA',
  'U0MAX',
  'U0SAM',
  'U0OLGA',
  'U0LEE',
] as const;
const everybody = [dana, priya, max, sam, olga, lee];
const channel = '#platform-requests';

export function createPeople(world: World): People {
  const { draw, seen, sandbox } = world;
  const client: Client = connectSandbox(sandbox.url);
  const done: Record<string, number> = {};
  const names: string[] = [];
  let asked = 0;

  const oneOf = <One>(list: readonly One[]): One => list[Math.floor(draw() * list.length)] as One;
  const type = (person: string, line: string) => client.as(person).perform({ do: 'run', channel, line });
  const recentCards = () =>
    [...seen.messages.values()].filter(({ mark }) => mark?.kind === 'card').slice(-12);

  async function press(person: string, card: SeenMessage, action: string, entry?: string) {
    const found = elementsOf(card).find(({ action_id }) => action_id === action);
    const option = found?.options?.find(({ value }) => value.startsWith(`${entry} `));
    if (!found || (entry !== undefined && !option)) return undefined;
    return client.as(person).perform({
      ...{
        do: 'click',
        in: { message: { channel: card.channel, ts: card.ts } },
        blockId: found.block_id,
        actionId: action,
        confirmed: true,
      },
      ...(option === undefined ? {} : { value: option.value }),
    });
  }

  async function onCard(act: (card: SeenMessage, person: string) => Promise<unknown>): Promise<void> {
    const cards = recentCards();
    if (cards.length > 0) await act(oneOf(cards), oneOf(everybody));
  }

  async function cancel(person: string, card: SeenMessage): Promise<void> {
    if (await press(person, card, 'card.more', 'cancel')) return;
    if (!(await press(person, card, 'card.more', 'ask_cancel'))?.ok) return;
    const form = (await client.as(person).view()).modals.at(-1);
    if (form) await client.as(person).perform({ do: 'submit', modal: form.id });
  }

  const acts: Readonly<Record<string, () => Promise<unknown>>> = {
    async create() {
      const name = `c${++asked}`;
      names.push(name);
      const size = oneOf(['', '', ' --cpu 6', ' --replicas 2', ' --blueprint namespace']);
      await type(oneOf([dana, priya, max]), `/env create ${name} --ttl ${oneOf(['10m', '1h', '2d'])}${size}`);
    },
    async createByForm() {
      const name = `f${++asked}`;
      names.push(name);
      const person = client.as(oneOf([dana, priya, max]));
      await person.command(channel, '/env create');
      await person.fill('Name', name);
      await person.submit();
      await person.close({ all: true });
    },
    extend: () => type(oneOf([dana, priya, max]), `/env extend ${oneOf(names)} by 1h`),
    destroy: () => type(oneOf([dana, priya, max]), `/env destroy ${oneOf(names)}`),
    deployPayments: () =>
      type(oneOf([priya, max]), `/deploy payments ${oneOf(['v1.4.0', 'v1.4.1', 'v1.4.2'])} to staging`),
    deployCheckout: () => type(dana, `/deploy checkout ${oneOf(['v2.7.0', 'v2.7.1', 'v2.8.0'])} to staging`),
    deploySearch: () => type(oneOf([sam, olga]), `/deploy search ${oneOf(['v0.9.3', 'v0.9.4'])} to staging`),
    deployProduction: () => type(priya, '/deploy payments v1.4.1 to production'),
    restart: () => type(oneOf([priya, max]), '/svc restart payments staging'),
    lock: () => type(oneOf([priya, max]), `/lock payments staging for 10m --reason "chaos ${++asked}"`),
    unlock: () => type(oneOf([priya, max]), '/lock release payments staging'),
    approve: () => onCard((card, person) => press(person, card, 'card.approve')),
    approveTwice: () =>
      onCard((card, person) =>
        Promise.all([press(person, card, 'card.approve'), press(person, card, 'card.approve')]),
      ),
    race: () => onCard((card) => Promise.all(everybody.map((person) => press(person, card, 'card.approve')))),
    deny: () => onCard((card, person) => press(person, card, 'card.deny')),
    cancel: () => onCard((card, person) => cancel(person, card)),
    look: () => type(oneOf(everybody), oneOf(['/svc payments', '/env list', '/requests', '/deploys'])),
    home: () => client.as(oneOf(everybody)).openHome(),
  };
  const often: Readonly<Record<string, number>> = {
    create: 6,
    approve: 6,
    deployPayments: 2,
    destroy: 2,
    cancel: 2,
  };
  const deck = Object.keys(acts).flatMap((name) => Array.from({ length: often[name] ?? 1 }, () => name));

  return {
    ...{ press, cancel, type, done },
    live({ actEveryMs }) {
      let isOver = false;
      const under = new Set<Promise<unknown>>();
      const timer = setInterval(() => {
        // As many as a busy channel: more would only wait for each other.
        if (isOver || under.size >= 8) return;
        // While nobody is there Slack says so: some try all the same.
        if (!world.bots.living().some((bot) => bot.isReady()) && draw() < 0.8) return;
        const name = oneOf(deck);
        done[name] = (done[name] ?? 0) + 1;
        // What the person reads when it fails is a matter of what was seen; here it is only done.
        const act = (acts[name]?.() ?? Promise.resolve())
          .catch(() => undefined)
          .finally(() => under.delete(act));
        under.add(act);
      }, actEveryMs);
      return {
        async stop() {
          isOver = true;
          clearInterval(timer);
          await Promise.all(under);
        },
      };
    },
  };
}

interface Element {
  readonly block_id: string;
  readonly action_id?: string;
  readonly options?: readonly { readonly value: string }[];
}

function elementsOf({ blocks }: SeenMessage): Element[] {
  return blocks.flatMap(({ type, block_id = '', elements }) =>
    type === 'actions' && Array.isArray(elements)
      ? elements.map((element) => ({ ...(element as Omit<Element, 'block_id'>), block_id }))
      : [],
  );
}
