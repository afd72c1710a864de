/** All of one seed: the database, the world, the replicas and the model, and how an act is played. */

import { loadActions } from '../../src/actions/load.ts';
import { type Policy, readPolicy } from '../../src/approvals/policy.ts';
import { subjectsOf } from '../../src/approvals/subjects.ts';
import type { Actions } from '../../src/core/action.ts';
import type { RequestId } from '../../src/core/ids.ts';
import type { Log } from '../../src/core/ports.ts';
import { accepted, catalog as shippedCatalog } from '../approvals/shipped.ts';
import type { Act, Stage } from './acts/act.ts';
import { firstRules } from './acts/plan-acts.ts';
import { BrokenPromise } from './broken-promise.ts';
import { type Calls, createCalls, type KillAt, type Life } from './calls.ts';
import { createCrew } from './crew.ts';
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
import { createCompany } from './world/company.ts';
import { createForge, type SimulatedForge } from './world/forge.ts';
import { createRepository } from './world/git-repository.ts';
import { createGitops, type Gitops } from './world/gitops.ts';
import { createPeople } from './world/people.ts';
import { createServices, type Services } from './world/services.ts';
import { createSlack, type Slack } from './world/slack.ts';
import { type ThingWorld, thingAction } from './world/thing-action.ts';
import { createThings, type Effect, type Things } from './world/things.ts';

export interface SceneOptions {
  readonly without: ReadonlySet<string>;
  readonly isTraced: boolean;
  readonly isEverythingTwice: boolean;
  readonly killAt: KillAt | undefined;
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
  readonly gitops: Gitops;
  readonly services: Services;
  readonly database: SimulatedDatabase;
  /** For drawing cards as they should be. */
  readonly actions: Actions;
  play(act: Act): void;
  /** Whether somebody looks all the time: no machine sleeps then. */
  isWatched(): boolean;
}

const shippedActions = await loadActions();

export function createScene(
  plan: Plan,
  database: SimulatedDatabase,
  { without, isTraced, isEverythingTwice, killAt }: SceneOptions,
): Scene {
  const { seed, replicas, isWatched } = plan;
  const story = createStory(beginning);
  const timeline: Timeline = createTimeline(seed, beginning, () => model.check());
  const calls = createCalls({ plan, timeline, story, without, isTraced, killAt });
  const people = createPeople();
  const company = createCompany();
  const slack = createSlack(seed, timeline, story);
  const facts: FactsOverTime = createFacts(beginning, {
    ...{ rules: firstRules(plan), commit: 'c1', groups: company.groups() },
    kinds: people.kinds(),
  });
  const cluster = createCluster({
    ...{ seed, now: () => timeline.now() },
    reaches: (environment) => model.reaches(environment),
    services: () => services,
  });
  const model: Model = createModel({ db: database.db, timeline, facts, story, cluster });
  const happened = (effect: Effect) => {
    model.happened(effect);
    if (isEverythingTwice) model.happened(effect);
  };
  const things = createThings(happened);
  const now = () => timeline.now();
  const leaves = ({ key, kind }: Pick<Effect, 'key' | 'kind'>) => model.leaves(key, kind);
  const forge = createForge({ seed, happened, now, leaves });
  const gitops = createGitops({ now, leaves, repository: createRepository({ now, happened }) });
  const services = createServices({
    ...{ seed, happened, now, leaves, keyOfFence: model.keyOfFence, merged: gitops.version },
  });
  const thingWorld: ThingWorld = {
    ...{ things, authors, commit: () => facts.now().commit },
    leaves: ({ key }, kind) => model.leaves(key, kind),
    lacks: (key, step) =>
      model.breaks(new BrokenPromise('a result is kept', `${key} has nothing of what ${step} brought back`)),
  };

  const actionsOf = (life: Life) => withThing(thingAction(thingWorld, calls, life));

  function begin(life: Life): Replica {
    return startReplica({
      ...{ seed, life, calls, people, slack, actions: actionsOf(life), isWatched },
      store: simulatedStore(database.store, calls, life, model.watch),
      clock: { now: () => timeline.now() },
      outside: {
        forge: { ...forge.port(calls, life), ...gitops.port(calls, life) },
        cluster: () => ({ ...cluster.port(calls, life), ...services.port(calls, life) }),
      },
      catalog: company.catalog,
      policy: () => policyOf(facts.now().rules),
      starts: (id) => model.starts(id),
      log: logOf(story, timeline, life.name, model),
    });
  }

  const crew = createCrew({ seed, timeline, story, calls, replicas, without, begin });
  const stage: Stage = {
    ...{ timeline, story, people, company, facts, slack, cluster, model, keys: database.keys },
    asked: new Map<string, RequestId>(),
    say: crew.say,
  };
  return {
    ...{ timeline, story, model, calls, slack, things, cluster, forge, gitops, services, database },
    actions: actionsOf(calls.live('nobody', () => undefined)),
    isWatched: () => isWatched && (timeline.now() < beginning + plan.lengthMs || model.unseen().length > 0),
    play({ name, deed }) {
      story.act(timeline.now(), name, `${name}: ${deed.words}`);
      deed.play(stage, name);
    },
  };
}

function withThing(action: ReturnType<typeof thingAction>): Actions {
  return new Map([...shippedActions, ['thing.change', action]]);
}

const policies = new Map<string, Policy>();

function policyOf(rules: Rules): Policy {
  const known = policies.get(rules.name);
  if (known) return known;
  const actions = withThing(thingAction({} as ThingWorld, {} as Calls, {} as never));
  const text = policyText(rules);
  const policy = accepted(readPolicy({ file: 'policy.yml', text }, subjectsOf(actions), shippedCatalog));
  policies.set(rules.name, policy);
  return policy;
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
