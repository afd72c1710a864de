/**
 * Who speaks to Slack: one replica at a time, because Slack counts calls per app, and two that speak gain nothing but
 * second cards. The others write rows, which whoever speaks finds.
 */

import { createOutbox, type Outbox, type OutboxOptions } from '../slack/outbox.ts';
import { createStrayCards, type StrayCards, type StrayCardsOptions } from '../slack/stray-cards.ts';
import { type LeadershipOptions, startLeadership } from './leadership.ts';

export interface Speaking {
  readonly outbox: Pick<Outbox, 'wake' | 'flush' | 'stop'>;
  readonly strays: Pick<StrayCards, 'met'>;
}

export type SpeakingOptions = Omit<OutboxOptions, 'lease' | 'sweep'> &
  StrayCardsOptions &
  Pick<LeadershipOptions, 'store' | 'holder'>;

export function startSpeaking(options: SpeakingOptions): Speaking {
  const strays = createStrayCards(options);
  const outbox = createOutbox({
    ...options,
    lease: () => leadership.current(),
    sweep: (sending) => strays.sweep(sending),
  });
  const leadership = startLeadership({
    ...options,
    name: 'outbox',
    taken: () => outbox.wake(),
    lost: () => outbox.stepDown(),
  });
  return {
    strays,
    outbox: {
      wake: outbox.wake,
      async flush() {
        await leadership.look();
        await outbox.flush();
      },
      async stop() {
        await outbox.stop();
        await leadership.stop();
      },
    },
  };
}
