/** What is kept of the requests, looked through: events against snapshots, locks, leases, and what chat was not told. */
import { hourMs } from '../../core/duration.ts';
import type { RequestId } from '../../core/ids.ts';
import { requestIdOf } from '../../core/ids.ts';
import { count, listOf } from '../../core/text.ts';
import { checkHistory, type HistoryFaults } from '../../store/check-history.ts';
import type { Reader } from '../../store/dialect.ts';
import { type Finding, failure, findings, warning, well } from './finding.ts';

const restore = 'Compare it with the last backup; `greenlight audit show` tells what happened to it.';

const faults: Readonly<
  Record<keyof HistoryFaults, { readonly say: typeof failure; readonly what: string; readonly next: string }>
> = {
  unreadable: { say: failure, what: 'cannot be read', next: restore },
  different: { say: failure, what: 'is not what its events say', next: restore },
  older: {
    say: warning,
    what: 'is kept as an older version folded it, or was changed by hand',
    next: 'Nothing decides by what differs; its next event folds it anew.',
  },
  neverDue: {
    say: failure,
    what: 'is open, and nothing says when somebody looks at it again',
    next: 'Answer or cancel it in Slack, and tell us how it came to that.',
  },
  strayLocks: {
    say: failure,
    what: 'has a lock that its events know nothing of',
    next: 'Take it away with `/lock release` or `/lock steal` in Slack.',
  },
  missingLocks: {
    say: warning,
    what: 'should have a lock, and has none',
    next: 'It was stolen a moment ago, or somebody has deleted a row: look again in a minute.',
  },
};

export async function checkRequests(db: Reader, now: number): Promise<readonly Finding[]> {
  return [
    ...(await findings('requests', () => checkEvents(db))),
    ...(await findings('leases', () => checkLeases(db, now))),
    ...(await findings('outbox', () => checkOutbox(db, now))),
  ];
}

async function checkEvents(db: Reader): Promise<readonly Finding[]> {
  let requests = 0;
  const found = await checkHistory(db, async (sofar) => {
    requests = sofar;
  });
  const wrong = (Object.keys(faults) as (keyof HistoryFaults)[]).flatMap((name) => {
    if (found[name].length === 0) return [];
    const { say, what, next } = faults[name];
    return [say('requests', `${named(found[name])}: each ${what}.`, next)];
  });
  if (wrong.length > 0) return wrong;
  return [well('requests', `Each of ${count(requests, 'request')} is what its events say, with its locks.`)];
}

/** So many are named. */
const namedMax = 10;

function named(ids: readonly RequestId[]): string {
  const more = ids.length - namedMax;
  const shown = ids.slice(0, namedMax);
  return more > 0 ? `${shown.join(', ')} and ${more} more` : listOf(shown);
}

/** Longer than any lease that we give: whoever set its end had another clock. */
const leaseMaxMs = hourMs;

async function checkLeases(db: Reader, now: number): Promise<readonly Finding[]> {
  const until = now + leaseMaxMs;
  const requests = await db
    .selectFrom('requests')
    .select('number')
    .where('lease_holder', 'is not', null)
    .where('lease_until', '>', until)
    .limit(namedMax)
    .execute();
  const names = await db
    .selectFrom('leases')
    .select('name')
    .where('until', '>', until)
    .limit(namedMax)
    .execute();
  const held = [...requests.map(({ number }) => requestIdOf(number)), ...names.map(({ name }) => name)];
  if (held.length === 0) return [well('leases', 'None is held for longer than an hour from now.')];
  return [
    failure(
      'leases',
      `${listOf(held)}: held for more than an hour from now, so nobody can take over.`,
      'Look whether the clock of a machine was wrong, set it right, and start the bot there anew.',
    ),
  ];
}

/** Beyond a restart of Slack: something is wrong with the message or with our rights. */
const triesMax = 8;

async function checkOutbox(db: Reader, now: number): Promise<readonly Finding[]> {
  const pending = db.selectFrom('outbox').where('is_done', '=', 0);
  const late = await pending
    .select((row) => row.fn.countAll<number>().as('rows'))
    .where('next_at', '<', now - hourMs)
    .executeTakeFirstOrThrow();
  const failing = await pending
    .select(['key', 'attempts', 'last_problem'])
    .where('attempts', '>=', triesMax)
    .orderBy('attempts', 'desc')
    .limit(namedMax)
    .execute();
  const [worst] = failing;
  if (worst) {
    return [
      warning(
        'outbox',
        `${listOf(failing.map(({ key }) => key))}: could not be told in Slack, ${worst.key} in ${count(worst.attempts, 'attempt')} (${worst.last_problem ?? 'no reason kept'}).`,
        'Look whether the channel is there, and whether the app is in it and may write.',
      ),
    ];
  }
  if (Number(late.rows) > 0) {
    return [
      warning(
        'outbox',
        `${count(Number(late.rows), 'message')} should have gone out more than an hour ago.`,
        'When the bot runs, look into its log; when it does not, they go out at its start.',
      ),
    ];
  }
  return [well('outbox', 'Nothing waits for Slack for longer than it should.')];
}
