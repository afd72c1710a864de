/** All of one seed: the database, the world, the replicas and the model, and how an act is played. */

import { loadActions } from '../../src/actions/load.ts';
import { type Policy, readPolicy } from '../../src/approvals/policy.ts';
import { subjectsOf } from '../../src/approvals/subjects.ts';
import { codeAt } from '../../src/codes/time-codes.ts';
import type { Actions } from '../../src/core/action.ts';
import type { Catalog } from '../../src/core/catalog.ts';
import { secondMs } from '../../src/core/duration.ts';
import type { RequestId } from '../../src/core/ids.ts';
import type { Person } from '../../src/core/person.ts';
import type { Log } from '../../src/core/ports.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { accepted, catalog as shippedCatalog } from '../approvals/shipped.ts';
import type { Act, Deed } from './acts.ts';
import { firstRules } from './acts.ts';
import { BrokenPromise } from './broken-promise.ts';
import { type Calls, createCalls } from './calls.ts';
import { drawOf, pick } from './chance.ts';
import type { SimulatedDatabase } from './database.ts';
import { createFacts, type FactsOverTime } from './model/facts.ts';
import { createModel, type Model } from './model/model.ts';
import type { Plan } from './plan.ts';
import { type Replica, startReplica } from './replica.ts';
import { beginning, policyText, type Rules } from './rules.ts';
import { simulatedStore } from './simulated-store.ts';
import { createStory, type Story } from './story.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { authors } from './world/authors.ts';
import { createCluster, type SimulatedCluster } from './world/cluster.ts';
import { createForge, type SimulatedForge } from './world/forge.ts';
import { createPeople, type People } from './world/people.ts';
import { createSlack, type Slack } from './world/slack.ts';
import { type ThingWorld, thingAction } from './world/thing-action.ts';
import { createThings, type Effect, type Things } from './world/things.ts';

export interface SceneOptions {
  readonly without: ReadonlySet<string>;
  readonly isTraced: boolean;
  readonly isEverythingTwice: boolean;
}

export interface Scene {
  readonly timeline: Timeline;
  readonly story: Story;
  readonly model: Model;
  readonly calls: Calls;
  readonly slack: Slack;
  readonly things: Things;
  readonly cluster: SimulatedCluster;
  readonly forge: SimulatedForge;
  readonly database: SimulatedDatabase;
  readonly actions: Actions;
  play(act: Act): void;
}

const shippedActions = await loadActions();

/** How many times people or Slack say again what nobody answered. */
const saysAgainMax = 4;

export function createScene(
  plan: Plan,
  database: SimulatedDatabase,
  { without, isTraced, isEverythingTwice }: SceneOptions,
): Scene {
  const { seed } = plan;
  const story = createStory(beginning);
  const timeline: Timeline = createTimeline(seed, beginning, () => model.check());
  const calls = createCalls({ plan, timeline, story, without, isTraced });
  const people = createPeople();
  const slack = createSlack(seed, timeline, story);
  const rules = firstRules(plan);
  const facts: FactsOverTime = createFacts(beginning, {
    ...{ rules, commit: 'c1', groups: groupsOf(shippedCatalog) },
    kinds: kindsOf(people),
  });
  const model: Model = createModel({ db: database.db, timeline, facts, story });
  let catalog: Catalog = shippedCatalog;
  const happened = (effect: Effect) => {
    model.happened(effect);
    if (isEverythingTwice) model.happened(effect);
  };
  const things = createThings(happened);
  const forge = createForge({
    ...{ seed, happened, now: () => timeline.now() },
    leaves: ({ key, kind }) => model.leaves(key, kind),
  });
  const thingWorld: ThingWorld = {
    ...{ things, authors, commit: () => facts.now().commit },
    leaves: ({ key }, kind) => model.leaves(key, kind),
    lacks: (key, step) =>
      model.breaks(new BrokenPromise('a result is kept', `${key} has nothing of what ${step} brought back`)),
  };
  const replicas = new Map<number, Replica>();
  const cluster = createCluster();
  const ids = new Map<string, RequestId>();

  function start(place: number, life: number): void {
    const name = `${'ABC'[place]}${life}`;
    const being = calls.live(name, () => {
      replicas.delete(place);
      const awayMs = pick([200, 2_000, 8_000, 45_000], drawOf(seed, `${name} is away`));
      timeline.at(timeline.now() + awayMs, () => start(place, life + 1));
    });
    if (life > 1) story.note(timeline.now(), `${name} starts`);
    const actions = new Map(shippedActions);
    actions.set('thing.change', thingAction(thingWorld, calls, being));
    const replica = startReplica({
      ...{ seed, life: being, calls, people, slack, actions },
      store: simulatedStore(database.store, calls, being, model.watch),
      clock: { now: () => timeline.now() },
      outside: {
        forge: forge.port(calls, being),
        cluster: () => cluster.port(calls, being),
      },
      catalog: () => catalog,
      policy: () => policyOf(facts.now().rules),
      starts: (id) => model.starts(id),
      log: logOf(story, timeline, name, model),
    });
    replicas.set(place, replica);
  }

  /** Whoever the load balancer or Slack chooses; nobody when all are down. */
  function someDesk(name: string): Desk | undefined {
    const there = [...replicas.values()];
    return there.length === 0 ? undefined : pick(there, drawOf(seed, `${name} goes to`)).desk;
  }

  /** Says it to some replica; once more to another when nobody answers. */
  function say(name: string, words: (desk: Desk) => Promise<unknown>, times = 1): void {
    const desk = someDesk(`${name} ${times}`);
    const patience = timeline.after((desk ? 20 : 3) * secondMs, () => {
      if (times < saysAgainMax) say(name, words, times + 1);
    });
    if (!desk) return;
    words(desk).then(
      () => patience.cancel(),
      () => undefined,
    );
  }

  function play({ name, deed }: Act): void {
    const { kind } = deed;
    story.act(timeline.now(), name, `${name}: ${wordsOf(deed)}`);
    switch (kind) {
      case 'ask': {
        const ask = () => askFor(name, deed);
        ask();
        if (deed.againMs !== undefined) timeline.at(timeline.now() + deed.againMs, ask);
        return;
      }
      case 'rules':
        facts.change(timeline.now(), { rules: deed.rules });
        return;
      case 'commit':
        facts.change(timeline.now(), { commit: deed.commit });
        return;
      case 'leave':
        people.leaves(deed.who.id);
        facts.change(timeline.now(), { kinds: kindsOf(people) });
        return;
      case 'group':
        catalog = withoutMember(catalog, deed.who);
        facts.change(timeline.now(), { groups: groupsOf(catalog) });
        return;
      case 'delete message': {
        const message = slack.messages[Math.floor(deed.which * slack.messages.length)];
        // A line that mentioned somebody is not said again: only cards are.
        if (message?.thread !== undefined || !message) return;
        message.deletedAt = timeline.now();
        story.note(timeline.now(), `Slack: ${message.mark} at ${message.ts} is gone`);
        return;
      }
      default: {
        const id = ids.get(deed.about);
        if (id === undefined) return;
        const once = () => say(name, (desk) => answerWith(desk, id, deed));
        once();
        if ('againMs' in deed && deed.againMs !== undefined) timeline.at(timeline.now() + deed.againMs, once);
      }
    }
  }

  function askFor(name: string, deed: Extract<Deed, { kind: 'ask' }>): void {
    const { by, action, input, isEmergency } = deed;
    say(name, async (desk) => {
      const asked = await desk.submit({
        ...{ key: name, action, input, requester: people.now(by.id) ?? by, origin: { surface: 'command' } },
        ...(isEmergency ? { bypass: { kind: 'break_glass', reason: 'customers cannot pay at all' } } : {}),
      });
      if (!asked.ok) return asked;
      ids.set(name, asked.value.id);
      return desk.decide(asked.value.id);
    });
  }

  function answerWith(
    desk: Desk,
    id: RequestId,
    deed: Exclude<Deed, { kind: 'ask' | 'rules' | 'commit' | 'leave' | 'group' | 'delete message' }>,
  ): Promise<{ readonly ok: boolean }> {
    const by = people.now(deed.by.id) ?? deed.by;
    const known = model.requests.get(id);
    const digest = known?.digests.at(-1) ?? '';
    switch (deed.kind) {
      case 'cancel':
        return desk.cancel(id, by);
      case 'withdraw':
        return desk.withdraw(id, by);
      case 'look afterwards':
        return desk.reviewGlass(id, by, 'it was needed');
      case 'edit':
        return desk.edit({ id, by, input: { ...known?.input, size: deed.size }, digest });
      case 'answer': {
        const seen = deed.isStale ? (known?.digests[0] ?? '') : digest;
        model.clicks(id, by, deed.narrowTo === undefined ? seen : 'less');
        return desk.review({
          ...{ id, by, decision: deed.decision, digest: seen },
          ...(deed.hasNote ? { note: 'looked at it' } : {}),
          ...(deed.hasCode ? { code: codeAt(database.keys.get(by.id) ?? '', timeline.now()) } : {}),
          ...(deed.narrowTo === undefined ? {} : { narrowTo: { size: deed.narrowTo } }),
        });
      }
    }
  }

  for (let place = 0; place < plan.replicas; place++) {
    if (place > 0 && without.has(`replica ${place + 1}`)) continue;
    start(place, 1);
  }
  return {
    timeline,
    story,
    model,
    calls,
    slack,
    things,
    cluster,
    forge,
    database,
    actions: withThing(),
    play,
  };

  /** For drawing cards as they should be. */
  function withThing(): Actions {
    const actions = new Map(shippedActions);
    actions.set(
      'thing.change',
      thingAction(
        thingWorld,
        calls,
        calls.live('nobody', () => undefined),
      ),
    );
    return actions;
  }
}

const policies = new Map<string, Policy>();

function policyOf(rules: Rules): Policy {
  const known = policies.get(rules.name);
  if (known) return known;
  const actions = new Map(shippedActions);
  actions.set('thing.change', thingAction({} as ThingWorld, {} as Calls, {} as never));
  const text = policyText(rules);
  const policy = accepted(readPolicy({ file: 'policy.yml', text }, subjectsOf(actions), shippedCatalog));
  policies.set(rules.name, policy);
  return policy;
}

function kindsOf(people: People) {
  return new Map([...people.all.values()].map(({ id, kind }) => [id as string, kind]));
}

function groupsOf({ groups }: Catalog): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [name, { members }] of Object.entries(groups)) {
    for (const member of members) {
      const email = member.toLowerCase();
      found.set(email, [...(found.get(email) ?? []), name]);
    }
  }
  return found;
}

function withoutMember(catalog: Catalog, { email = '' }: Person): Catalog {
  const groups = Object.fromEntries(
    Object.entries(catalog.groups).map(([name, group]) => [
      name,
      { ...group, members: group.members.filter((one) => one.toLowerCase() !== email.toLowerCase()) },
    ]),
  );
  return { ...catalog, groups };
}

function logOf(story: Story, timeline: Timeline, name: string, model: Model): Log {
  return {
    info: () => undefined,
    warn: () => undefined,
    error(fields, message) {
      const { problem } = fields as { problem?: { code: string; detail?: string } };
      story.note(timeline.now(), `${name} logs: ${message} (${problem?.code} ${problem?.detail ?? ''})`);
      if (problem?.code === 'internal')
        model.breaks(new BrokenPromise('nobody stumbles', `${message}: ${problem.detail}`));
    },
  };
}

function wordsOf(deed: Deed): string {
  switch (deed.kind) {
    case 'ask':
      return `${deed.by.name} asks for ${deed.action} ${JSON.stringify(deed.input)}${deed.isEmergency ? ' and breaks glass' : ''}${deed.againMs === undefined ? '' : `, delivered again after ${deed.againMs} ms`}`;
    case 'answer':
      return `${deed.by.name} says ${deed.decision} to ${deed.about}${deed.isStale ? ' as it was at first' : ''}${deed.againMs === undefined ? '' : ', twice'}`;
    case 'rules':
      return `the guardrails are now: ${deed.rules.name}`;
    case 'commit':
      return `the newest commit is ${deed.commit}`;
    case 'leave':
      return `${deed.who.name} is deactivated`;
    case 'group':
      return `${deed.who.name} leaves all groups`;
    case 'delete message':
      return 'somebody deletes a message by hand';
    case 'edit':
      return `${deed.by.name} edits ${deed.about}`;
    default:
      return `${deed.by.name}: ${deed.kind} ${deed.about}`;
  }
}
