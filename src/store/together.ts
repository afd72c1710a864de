/**
 * One transaction for all that was asked for while others were under way. Where every transaction of a kind waits
 * for the same row, as whoever creates a request does for the next number, a thousand at once would otherwise commit one
 * after the other, each with its own way to the database and its disk and back; a lone one waits for nobody.
 */
import { problemFrom } from '../core/problem.ts';

/** How many at most: others wait for the rows that it holds. */
const most = 64;
/** Transactions: while one waits for the disk, the next is written. */
const atOnce = 2;

/**
 * @param work does all of them or none, and answers in their order. When it fails each of several is tried by itself, so
 * that none fails because of another; not when the database is away, of which each would wait to hear once more.
 */
export function together<Ask, Answer>(
  work: (asks: readonly Ask[]) => Promise<readonly Answer[]>,
): (ask: Ask) => Promise<Answer> {
  const waiting: Waiting<Ask, Answer>[] = [];
  let underWay = 0;

  function begin(): void {
    while (waiting.length > 0 && underWay < atOnce) {
      underWay++;
      void carryOut(waiting.splice(0, lengthOf(waiting.length))).then(() => {
        underWay--;
        begin();
      });
    }
  }

  async function carryOut(group: readonly Waiting<Ask, Answer>[]): Promise<void> {
    try {
      const answers = await work(group.map(({ ask }) => ask));
      for (const [index, one] of group.entries()) one.done(answers[index] as Answer);
    } catch (error) {
      if (group.length === 1 || isAway(error)) for (const one of group) one.fail(error);
      else await Promise.all(group.map(alone));
    }
  }

  async function alone({ ask, done, fail }: Waiting<Ask, Answer>): Promise<void> {
    try {
      done((await work([ask]))[0] as Answer);
    } catch (error) {
      fail(error);
    }
  }

  return (ask) =>
    new Promise((done, fail) => {
      waiting.push({ ask, done, fail });
      begin();
    });
}

function isAway(error: unknown): boolean {
  return problemFrom(error).code === 'outside_unavailable';
}

interface Waiting<Ask, Answer> {
  readonly ask: Ask;
  done(answer: Answer): void;
  fail(error: unknown): void;
}

/** A power of two, so that there are few statements to prepare: each length of a list makes another one. */
function lengthOf(waiting: number): number {
  return Math.min(most, 2 ** Math.floor(Math.log2(waiting)));
}
