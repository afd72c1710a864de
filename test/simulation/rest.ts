/** What must be true once everything works again and nothing is left to do. */
import { fold } from '../../src/core/fold.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { isEnded, type PlatformRequest } from '../../src/core/request.ts';
import { cardOf } from '../../src/slack/cards.ts';
import { withoutSecrets } from '../../src/slack/without-secrets.ts';
import { exported, verified } from '../audit/logs.ts';
import { BrokenPromise } from './broken-promise.ts';
import { cardContext } from './replica.ts';
import { checkDeploys } from './rest-deploys.ts';
import { checkEnvironments } from './rest-environments.ts';
import type { Scene } from './scene.ts';

/** @throws BrokenPromise */
export async function checkAtRest(scene: Scene): Promise<void> {
  const { store } = scene.database;
  const requests: PlatformRequest[] = [];
  for (let number = 1; number <= scene.model.requests.size; number++) {
    const request = await store.load(requestIdOf(number));
    if (request) requests.push(request);
  }
  for (const request of requests) {
    await checkFold(scene, request);
    checkEnd(request);
    await checkCard(scene, request);
  }
  checkNotices(scene);
  checkWorld(scene, requests);
  checkEnvironments(scene, requests);
  checkDeploys(scene, requests);
  await checkChain(scene);
}

async function checkFold({ database }: Scene, request: PlatformRequest): Promise<void> {
  const history = await database.store.history(request.id);
  const folded = fold(history.map(({ event }) => event));
  // Who waits for a lock is woken by a row, not by an event.
  const plain = ({ dueAt: _dueAt, ...rest }: PlatformRequest) =>
    JSON.stringify(rest, Object.keys(rest).sort());
  if (plain(folded) !== plain(request)) {
    throw new BrokenPromise('a request is its events', `${request.id} is kept otherwise than its events say`);
  }
}

function checkEnd({ id, status }: PlatformRequest): void {
  if (!isEnded({ status } as PlatformRequest))
    throw new BrokenPromise('every request ends', `${id} is ${status} for ever`);
}

async function checkCard({ slack, database, actions }: Scene, request: PlatformRequest): Promise<void> {
  const all = slack.messages.filter((one) => one.mark === request.id);
  const there = all.filter(({ deletedAt }) => deletedAt === undefined);
  if (!request.isShown) {
    if (there.length === 0) return;
    throw new BrokenPromise('the card tells the truth', `${request.id} has a card that nobody wanted`);
  }
  // Nobody tells that a message is gone: it comes back with the next change.
  if (
    there.length === 0 &&
    all.some(({ deletedAt = 0, isTakenBack }) => !isTakenBack && deletedAt > request.updatedAt)
  )
    return;
  const posted = await database.store.postedCard(request.id);
  const [card, ...more] = there;
  if (!card || !posted) throw new BrokenPromise('the card tells the truth', `${request.id} has no card`);
  if (more.length > 0)
    throw new BrokenPromise('the card tells the truth', `${request.id} has ${there.length} cards`);
  if (posted.ts !== card.ts)
    throw new BrokenPromise(
      'the card tells the truth',
      `${request.id} is followed at ${posted.ts}, its card is ${card.ts}`,
    );
  const wanted = withoutSecrets(cardOf(request, cardContext(actions)));
  if (JSON.stringify(wanted.blocks) !== JSON.stringify(card.blocks)) {
    throw new BrokenPromise(
      'the card tells the truth',
      `the card of ${request.id} shows what it was: ${card.text}`,
    );
  }
}

function checkNotices({ slack, model }: Scene): void {
  const said = new Set<string>();
  const standing = new Set<string>();
  const deleted = new Set(
    slack.messages.flatMap(({ ts, deletedAt }) => (deletedAt === undefined ? [] : [ts])),
  );
  for (const { mark, ts, thread = '', isOfTheDead } of slack.messages.filter((one) =>
    one.mark.includes(':'),
  )) {
    said.add(mark);
    // What somebody deleted nobody finds, and what was said under a card that somebody deleted is gone with it.
    if (deleted.has(ts) || deleted.has(thread)) continue;
    // What arrives seconds after its sender was killed nobody can wait for, or call back.
    if (standing.has(mark) && !isOfTheDead) throw new BrokenPromise('told once', `${mark} was said again`);
    standing.add(mark);
  }
  for (const { id, digests, ending } of model.requests.values()) {
    const isShown = slack.messages.some(({ mark }) => mark === id);
    if (isShown && digests.length > 0 && ending !== undefined && !said.has(`${id}:ended`)) {
      throw new BrokenPromise('told once', `nobody was told that ${id} has ended`);
    }
  }
}

function checkWorld({ things, model }: Scene, requests: readonly PlatformRequest[]): void {
  const keys = new Map([...model.requests.values()].map((one) => [one.key, one.id]));
  for (const [thing, key] of things.values) {
    const id = keys.get(key.split(':')[0] ?? '');
    const request = requests.find((one) => one.id === id);
    if (request?.status !== 'succeeded' && request?.remains.length === 0) {
      throw new BrokenPromise(
        'undone is undone',
        `${thing} is still as ${id} made it, which has ${request.status}`,
      );
    }
  }
}

async function checkChain({ database, model }: Scene): Promise<void> {
  if (model.requests.size === 0) return;
  const { store } = database;
  const report = verified(await exported(store));
  if (report.fault) throw new BrokenPromise('the chain holds', JSON.stringify(report.fault));
  const stray = await store.unchainedEvents(1);
  if (stray.length > 0)
    throw new BrokenPromise('the chain holds', `${stray[0]?.request} has an event outside it`);
  const { position } = await store.auditHead();
  const events = [...model.requests.values()].reduce((sum, { version }) => sum + version, 0);
  if (position < events)
    throw new BrokenPromise('the chain holds', `${events} events, and ${position} in the chain`);
}
