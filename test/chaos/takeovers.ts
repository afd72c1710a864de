/** How long what a killed replica held lies still, measured from outside: by the rows of the database. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bot } from './bots.ts';
import { fastNow } from './fast-clock.ts';
import type { World } from './world.ts';

export interface Takeovers {
  /** In milliseconds of the bot's time. */
  readonly spans: readonly number[];
  /** Whether it has work under its claim that is due. */
  holds(bot: Bot): Promise<boolean>;
  /** @param others who could take over: when none of those lives any more there is nothing to measure. */
  follow(killed: Bot, others: readonly Bot[]): void;
  settled(): Promise<void>;
}

/** By the machine's clock: what takes longer is no takeover any more. */
const patienceMs = 20_000;

export function createTakeovers({ database, pace }: World): Takeovers {
  const spans: number[] = [];
  const under = new Set<Promise<void>>();

  async function measure(killed: Bot, others: readonly Bot[]): Promise<void> {
    const since = Date.now();
    const dueBy = fastNow(pace);
    const held = await holdsOf(killed, dueBy);
    while (held.size > 0 && Date.now() - since < patienceMs) {
      await sleep(15);
      if (others.every((bot) => bot.ended() !== undefined)) return;
      const now = await holdsOf(killed, dueBy);
      for (const row of held) {
        if (now.has(row)) continue;
        held.delete(row);
        spans.push((Date.now() - since) * pace.speed);
      }
    }
    for (const _ of held) spans.push(Number.POSITIVE_INFINITY);
  }

  /** Requests under its claim that are due by then: its references begin with its name. */
  async function holdsOf({ name }: Bot, dueBy: number): Promise<Set<number>> {
    const rows = await database.rows(
      `select number from requests where lease_holder like '${name}-%' and due_at <= ${dueBy}`,
    );
    return new Set(rows.map((row) => Number(row.number)));
  }

  return {
    spans,
    holds: async (bot) => (await holdsOf(bot, fastNow(pace))).size > 0,
    follow(killed, others) {
      const one = measure(killed, others)
        .catch(() => undefined)
        .finally(() => under.delete(one));
      under.add(one);
    },
    async settled() {
      await Promise.all(under);
    },
  };
}

/** How many, and how long: for the table. */
export function takeoversInWords(spans: readonly number[]): string {
  const sorted = spans.toSorted((one, other) => one - other);
  const half = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `${sorted.length} requests taken over, half of them within ${seconds(half)}, all within ${seconds(sorted.at(-1) ?? 0)}`;
}

export function seconds(ms: number): string {
  return Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)} s` : 'no time that was waited for';
}
