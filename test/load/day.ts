/**
 * A day of a 5,000-person company, through the real bot in a process of its own and the boxes in this one. Time stands
 * still in both but for the steps in which this moves them: what is measured is how long the work of a day takes.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Company, openCompany } from '../../bench/process/bot.ts';
import { signingSecret } from '../../bench/process/secret.ts';
import { startFlags } from '../../bench/process/start-command.ts';
import { dayMs, hourMs, minuteMs } from '../../src/core/duration.ts';
import { openStatuses, type PlatformRequest } from '../../src/core/request.ts';
import type { Store } from '../../src/core/store.ts';
import { createWorldClock } from '../../src/sandbox/clock.ts';
import type { AppSettings } from '../../src/settings/app-settings.ts';
import { cardActions, writeCardValue } from '../../src/slack/cards/buttons.ts';
import { slackPath } from '../../src/slack/manifest.ts';
import { openStore } from '../../src/store/open-store.ts';
import { type Acked, type Asking, askAt } from './ask.ts';
import type { DayMessage, DayReply } from './day-bot.ts';
import { assumed, type Deed, dayDeeds, deedOf, developersOf, doneBy, teams } from './deeds.ts';
import { residentKib } from './memory.ts';
import { mib, ms, percentile, type Row, row } from './table.ts';

const people = 5_000;
/** A Tuesday, from midnight on in Berlin. */
const startAt = Date.UTC(2026, 10, 23, 23);
/** Both clocks move so far at once, each as fast as it can: what one does the other may see a little later, or earlier. */
const stepMs = minuteMs / 3;
/** When nobody asks for anything any more, and all ends: what nobody answers expires after a day. */
const afterMs = 27 * hourMs;
/** Then nobody is there: the bot is put to sleep, and looks around so often. */
const leapMs = 30 * minuteMs;
const dayMsMax = 10 * minuteMs;

/** @param share of the day's deeds; all of them when 1. */
export async function loadDay(share: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'greenlight-load-'));
  const clock = createWorldClock({ mode: 'still', startAt });
  const company = await openCompany(people, clock);
  const dataFolder = await withDevelopers(folder, company.people);
  const child = fork(new URL('day-bot.ts', import.meta.url), { execArgv: [...startFlags] });
  const database = { file: join(folder, 'greenlight.db') };
  try {
    const bot = await begin(child, settingsFor(company, dataFolder, database));
    const store = await openStore(database, { isReadOnly: true });
    const asking = askAt(bot.url, 32);
    const took: number[] = [];
    const wrong: string[] = [];
    const resident = [await residentKib(child.pid)];
    const begunAt = performance.now();
    for (let at = 0, deed = 0; at < dayMs; at += stepMs) {
      const upTo = Math.floor(doneBy((at + stepMs) / dayMs) * dayDeeds * share);
      const waiting = await store.list({ statuses: ['waiting'], limit: 50 });
      const deeds: Promise<void>[] = [];
      for (; deed < upTo; deed++) {
        deeds.push(
          doIt(asking, deedOf(deed, company.people), waiting).then((acked) => {
            if (!acked) return;
            took.push(acked.tookMs);
            if (acked.status !== 200) wrong.push(`answered with ${acked.status}`);
          }),
        );
      }
      await Promise.all(deeds);
      const [news] = await Promise.all([bot.advance(stepMs), clock.advance(stepMs)]);
      wrong.push(...news);
      if (resident.length === 1 && at >= dayMs / 2) resident.push(await residentKib(child.pid));
      if ((at + stepMs) % hourMs === 0)
        tellHour((at + stepMs) / hourMs, took.length, performance.now() - begunAt);
    }
    const dayTookMs = performance.now() - begunAt;
    resident.push(await residentKib(child.pid));
    for (let at = 0; at < afterMs; at += leapMs) {
      await clock.advance(leapMs);
      wrong.push(...(await bot.leap(leapMs)));
    }
    asking.close();
    return await report({ store, took, wrong, resident, dayTookMs });
  } finally {
    child.kill('SIGKILL');
    await company.world.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function report(day: {
  readonly store: Store;
  readonly took: readonly number[];
  readonly wrong: readonly string[];
  readonly resident: readonly number[];
  readonly dayTookMs: number;
}): Promise<Row[]> {
  const { store, took, wrong, resident, dayTookMs } = day;
  const all = await store.list({ limit: 100_000 });
  const open = (await store.list({ statuses: openStatuses, limit: 100_000 })).length;
  await store.close();
  const [p50, p99] = [percentile(took, 0.5), percentile(took, 0.99)];
  const [start = 0, middle = 0, end = 0] = resident;
  const kinds = Object.entries(Object.groupBy(all, ({ status }) => status))
    .map(([status, some = []]) => `${some.length} ${status}`)
    .join(', ');
  for (const one of new Set(wrong.slice(0, 5))) process.stdout.write(`  ${one}\n`);
  return [
    row(`day of 5,000 people: ${assumed}`, '', '', true),
    row(`day: ${took.length} deeds, ${all.length} requests`, kinds, '', true),
    row(
      'a day of 5,000 people took',
      `${(dayTookMs / minuteMs).toFixed(1)} min`,
      'at most 10 min',
      dayTookMs <= dayMsMax,
    ),
    row('ack p50 / p99', `${ms(p50)} / ${ms(p99)}`, 'below 3,000 ms', p99 < 3_000),
    row(
      'resident memory at start / noon / end',
      `${mib(start)} / ${mib(middle)} / ${mib(end)}`,
      'at most 100 MiB more from noon on',
      end - middle < 100 * 1_024,
    ),
    row(
      'still open a day later; faults in log and answers',
      `${open}; ${wrong.length}`,
      'none',
      open + wrong.length === 0,
    ),
  ];
}

/** The shipped data, with the day's developers in the two teams. */
async function withDevelopers(folder: string, people: readonly string[]): Promise<string> {
  const dataFolder = join(folder, 'data');
  await cp(new URL('../../data', import.meta.url), dataFolder, { recursive: true });
  const file = join(dataFolder, 'catalog.yml');
  let catalog = await readFile(file, 'utf8');
  for (const team of teams) {
    const members = developersOf(team, people).map((id) => `${id.toLowerCase()}@acme.example`);
    catalog = catalog.replace(
      new RegExp(`(\n  ${team}:\n.*\n    members: \\[)`),
      `$1${members.join(', ')}, `,
    );
  }
  await writeFile(file, catalog);
  return dataFolder;
}

function settingsFor(
  { world }: Company,
  dataFolder: string,
  database: { readonly file: string },
): AppSettings {
  const { slack, github, prometheus, kubeconfig } = world.credentials;
  const channel = (name: string) => slack.channels[name] ?? name;
  return {
    slack: {
      transport: { mode: 'http', signingSecret, port: 0, host: '127.0.0.1' },
      botToken: slack.botToken,
      apiUrl: slack.apiUrl,
      channels: { requests: channel('platform-requests'), deploys: channel('deploys') },
      allowedSharedChannels: [channel('deploys')],
    },
    github: { auth: { token: github.token }, baseUrl: github.apiUrl },
    kubeconfig: { literal: kubeconfig },
    prometheus,
    dataFolder,
    database,
  };
}

async function begin(child: ChildProcess, settings: AppSettings) {
  const exited = ended(child);
  // Whoever waits for an answer hears of it; at the end nobody does.
  exited.catch(() => undefined);
  const answer = async (message: DayMessage): Promise<DayReply> => {
    const replied = Promise.withResolvers<DayReply>();
    child.once('message', (reply) => replied.resolve(reply as DayReply));
    child.send(message);
    return Promise.race([replied.promise, exited]);
  };
  const begun = await answer({ order: { settings, startAt } });
  if (!('port' in begun)) throw new Error('the bot did not begin');
  const faultsOf = (reply: DayReply) => ('faults' in reply ? reply.faults : []);
  return {
    url: `http://127.0.0.1:${begun.port}${slackPath}`,
    advance: async (advanceMs: number) => faultsOf(await answer({ advanceMs })),
    leap: async (leapMs: number) => faultsOf(await answer({ leapMs })),
  };
}

/** Ten minutes without a word are long. */
function tellHour(hour: number, deeds: number, tookMs: number): void {
  process.stderr.write(
    `  ${String(hour).padStart(2)}:00, ${deeds} deeds done, ${Math.round(tookMs / 1_000)} s\n`,
  );
}

async function ended(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`the bot ended with ${code}`);
}

/** `undefined`: there was nothing to click on. */
async function doIt(
  asking: Asking,
  deed: Deed,
  waiting: readonly PlatformRequest[],
): Promise<Acked | undefined> {
  switch (deed.kind) {
    case 'command':
      return asking.command(deed.user, deed.command, deed.text);
    case 'home':
      return asking.event({ type: 'app_home_opened', user: deed.user, tab: 'home', channel: 'D0X' });
    case 'click': {
      const request = waiting[deed.user.length % Math.max(1, waiting.length)];
      if (!request) return undefined;
      const action = { type: 'button', block_id: 'b', action_ts: String(Date.now() / 1_000) };
      const action_id = deed.isAnswer ? cardActions.approve : cardActions.details;
      return asking.click({
        ...{ type: 'block_actions', api_app_id: 'A0GREENLIGHT', team: { id: 'T0ACME', domain: 'acme' } },
        ...{
          user: { id: deed.user, team_id: 'T0ACME' },
          channel: { id: 'C0REQUESTS', name: 'platform-requests' },
        },
        container: { type: 'message', message_ts: '1.0', channel_id: 'C0REQUESTS' },
        actions: [{ ...action, action_id, value: writeCardValue(request) }],
      });
    }
  }
}
