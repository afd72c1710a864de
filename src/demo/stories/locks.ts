import { minuteMs } from '../../core/duration.ts';
import type { Story } from '../story.ts';

export const lockInAnIncident: Story = {
  title: 'A lock keeps others out while somebody works, and they go on by themselves when it is free',
  async play({ sam, priya, stage, holds }) {
    await sam.types('#incidents', '/lock payments staging for 4h --reason "incident 42: card payments fail"');
    await sam.sees('payments in staging is yours until', { in: '#deploys' });

    await priya.types('#deploys', '/deploy payments v1.4.1 to staging');
    const card = await priya.sees('Waiting for a lock, next in the queue', { in: '#deploys' });
    holds(
      'the card says who holds it and why',
      JSON.stringify(card).includes('incident 42: card payments fail'),
    );
    await priya.types('#deploys', '/lock');
    await priya.sees('1 lock held by people and 1 request waiting');

    // An hour without a run of his: he is asked, in a message of his own.
    await stage.clock.advance(61 * minuteMs);
    const reminder = await sam.sees('nothing of yours has run there for a while');
    await sam.clicks('Release it', { in: reminder });
    await priya.sees('payments in staging is free', { in: '#deploys' });
    await priya.sees('payments v1.4.1 runs in staging now', { in: '#deploys' });
  },
};
