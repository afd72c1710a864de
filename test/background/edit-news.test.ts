/** News of edits while Slack or a replica goes away: each is said, by whoever is there, and once. */
import { expect, onTestFinished, test } from 'vitest';
import { createEditNews, type EditNews } from '../../src/background/edit-news.ts';
import { minuteMs, secondMs } from '../../src/core/duration.ts';
import type { DocumentNews } from '../../src/documents/document-news.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import { memoryStore } from '../store/ready-store.ts';

const file = 'data/policy.yml';
const bad: DocumentNews = { file, mistakes: [`${file}:4:15 a word is missing`] };
const worse: DocumentNews = { file, mistakes: [`${file}:5:1 nothing is left`] };
const mended: DocumentNews = { file, mistakes: [] };

async function world() {
  const clock = createWorldClock({ mode: 'still', startAt: Date.UTC(2026, 10, 18, 9) });
  const store = await memoryStore();
  onTestFinished(() => store.close());
  const said: DocumentNews[] = [];
  const tried: EditNews[] = [];
  const logged: string[] = [];
  const away = { slack: false, database: false };
  const slack = { answers: Promise.resolve() };
  const replicas = new Set<EditNews>();
  const log = { info: () => {}, error: () => {}, warn: (_: object, text: string) => void logged.push(text) };
  const replica = (heardBefore: readonly DocumentNews[] = []): EditNews => {
    const news = createEditNews({ scheduler: clock, log });
    for (const one of heardBefore) news.hear(one);
    news.begin({
      store: {
        ...store,
        async couldNotTell(...news) {
          if (away.database) throw new Error('the database is away');
          await store.couldNotTell(...news);
        },
      },
      async post(one) {
        tried.push(news);
        await slack.answers;
        if (away.slack) throw new Error('Slack is away');
        said.push(one);
      },
    });
    replicas.add(news);
    onTestFinished(() => news.close());
    return news;
  };
  const pass = async (ms: number, stepMs = 10 * secondMs) => {
    for (let left = ms; left > 0; left -= stepMs) {
      await clock.advance(stepMs);
      for (const news of replicas) await news.settled();
    }
  };
  return { replica, said, tried, logged, away, slack, pass };
}

test('what Slack did not take is said by another replica when the one that tried has ended', async () => {
  const { replica, said, tried, away, pass } = await world();
  const both = [replica(), replica()];
  away.slack = true;
  for (const news of both) news.hear(bad);
  await pass(10 * secondMs);
  await tried[0]?.close();
  await pass(5 * minuteMs);
  away.slack = false;
  await pass(5 * minuteMs);
  expect(said).toEqual([bad]);
});

test('of two replicas that both could not say it one does, and what is newer stays', async () => {
  const { replica, said, away, pass } = await world();
  const [one, other] = [replica(), replica()];
  away.slack = true;
  for (const news of [one, other]) news.hear(bad);
  await pass(5 * minuteMs);
  away.slack = false;
  await pass(5 * minuteMs);
  expect(said).toEqual([bad]);
  away.slack = true;
  for (const news of [one, other]) news.hear(worse);
  await pass(minuteMs);
  one.hear(mended);
  away.slack = false;
  await pass(5 * minuteMs);
  expect(said).toEqual([bad, mended]);
});

test('that all is well again is said by the next process when the last one ended while it tried', async () => {
  const { replica, said, tried, logged, away, slack, pass } = await world();
  const first = replica();
  first.hear(bad);
  await pass(10 * secondMs);
  away.slack = true;
  const answered = Promise.withResolvers<void>();
  slack.answers = answered.promise;
  first.hear(mended);
  await expect.poll(() => tried).toHaveLength(2);
  const closed = first.close();
  answered.resolve();
  await closed;
  expect(logged).toEqual(['news of an edit did not go out']);
  away.slack = false;
  replica().hear(mended);
  await pass(5 * minuteMs);
  expect(said).toEqual([bad, mended]);
});

test('what cannot be left to others, as the database is away too, is said by whoever tried', async () => {
  const { replica, said, away, logged, pass } = await world();
  const first = replica();
  Object.assign(away, { slack: true, database: true });
  first.hear(bad);
  await pass(10 * secondMs);
  const other = replica();
  other.hear(bad);
  await pass(minuteMs);
  expect(logged).toContain('news of an edit could not be left to others');
  Object.assign(away, { slack: false, database: false });
  await pass(5 * minuteMs);
  expect(said).toEqual([bad]);
});

test('what was heard before there was anybody to tell is said once', async () => {
  const { replica, said, pass } = await world();
  replica([bad]);
  await pass(5 * minuteMs);
  expect(said).toEqual([bad]);
});
