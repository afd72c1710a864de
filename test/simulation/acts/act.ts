/** What somebody does at a moment: a file here for each kind says how it is done, and what the story tells of it. */
import type { RequestId } from '../../../src/core/ids.ts';
import type { Desk } from '../../../src/desk/desk.ts';
import type { FactsOverTime } from '../model/facts.ts';
import type { Model } from '../model/model.ts';
import type { Story } from '../story.ts';
import type { Timeline } from '../timeline.ts';
import type { SimulatedCluster } from '../world/cluster.ts';
import type { Company } from '../world/company.ts';
import type { People } from '../world/people.ts';
import type { Slack } from '../world/slack.ts';

export interface Act {
  /** By which it can be left out of another run of the same seed. */
  readonly name: string;
  readonly atMs: number;
  readonly deed: Deed;
}

export interface Deed {
  /** For the story: "Priya says approve to act 3". */
  readonly words: string;
  /** `name`: of the act. */
  play(stage: Stage, name: string): void;
}

/** All that a deed can reach. */
export interface Stage {
  readonly timeline: Timeline;
  readonly story: Story;
  readonly people: People;
  readonly company: Company;
  readonly facts: FactsOverTime;
  readonly slack: Slack;
  readonly cluster: SimulatedCluster;
  readonly model: Model;
  /** Of everybody's authenticator app, by person. */
  readonly keys: ReadonlyMap<string, string>;
  /** The requests that were made, by the act that asked for each. */
  readonly asked: Map<string, RequestId>;
  /** Says it to some replica, and once more when nobody answers. */
  say(name: string, words: (desk: Desk) => Promise<unknown>): void;
}

/** Now, and once more when the same delivery comes again so much later. */
export function deliver(
  { timeline }: Pick<Stage, 'timeline'>,
  againMs: number | undefined,
  once: () => void,
) {
  once();
  if (againMs !== undefined) timeline.at(timeline.now() + againMs, once);
}
