/** What the bot says in Slack: cards and notices, at Slack's pace, and everybody's Home. */
import { quorumAsRecorded } from '../approvals/quorum.ts';
import { followForHomes } from '../background/home-news.ts';
import { type Speaking, startSpeaking } from '../background/speak.ts';
import { drawHome } from '../handlers/draw-home.ts';
import type { CardContext } from '../slack/cards.ts';
import { createHomes, type Homes } from '../slack/homes.ts';
import { createMessenger } from '../slack/messenger.ts';
import type { OpenDesk } from './open-desk.ts';
import type { Foundation } from './open-foundation.ts';
import type { OpenSlack } from './open-slack.ts';
import type { Opening } from './opening.ts';

export interface SlackOut extends Speaking {
  readonly cards: CardContext;
  readonly homes: Homes;
  /** The channel that hears of emergencies. */
  readonly alerts: string;
}

export interface SlackOutOptions {
  /** Names this process in a lease. */
  readonly holder: string;
  /** Resolves when work that nobody waits for may begin. */
  giveWay(): Promise<void>;
}

export function openSlackOut(
  opening: Opening,
  { actions, documents, store }: Foundation,
  workspace: OpenSlack,
  { desk }: OpenDesk,
  options: SlackOutOptions,
): SlackOut {
  const { settings, environment, end } = opening;
  const { background: client, directory, guard } = workspace;
  const { clock, scheduler, log } = environment;
  const { channels, alerts = channels.requests } = settings.slack;
  const cards: CardContext = {
    actions,
    groupTitle: (name) => documents.catalog().groups[name]?.title ?? name,
    quorumOf: quorumAsRecorded,
  };
  const homes = createHomes({
    ...{ client, clock, scheduler, log },
    drawn: (person) => drawHome({ desk, directory, cards, clock }, person),
  });
  end.add('cards', 'Home pages', () => homes.close());
  const homeNews = followForHomes({ store, homes, scheduler, log });
  end.add('work', 'news for Homes', () => homeNews.stop());
  const messenger = createMessenger({
    ...{ client, channels, alerts, cards, guard, log },
    endChoices: (request) => desk.endChoices(request),
  });
  const speaking = startSpeaking({
    ...{ ...environment, ...options, store, messenger, client },
    channels: [channels.requests, channels.deploys, alerts],
  });
  end.add('parts', 'the outbox', () => speaking.outbox.stop());
  return { ...speaking, cards, homes, alerts };
}
