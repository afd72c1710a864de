import type { Story } from '../story.ts';

export const wayToProduction: Story = {
  title: 'A service goes to production by way of staging, by pull request, and back again',
  async play({ dana, sam, lee, holds }) {
    await dana.types('#deploys', '/deploys');
    await dana.sees('other versions in one environment than in another');

    // Out of order: what does not run in staging does not go to production.
    await dana.types('#deploys', '/deploy checkout v2.8.0 to production');
    await dana.sees('commit has to run in the earlier environment first', { ephemeral: true });

    await dana.types('#deploys', '/deploy checkout latest to staging');
    await dana.sees('checkout v2.8.0 runs in staging now', { in: '#deploys' });

    await dana.types('#deploys', '/promote checkout from staging to production');
    const card = await sam.sees('Promotes checkout v2.8.0 from staging to production', { in: '#deploys' });
    holds('the pull request that goes out is on the card', JSON.stringify(card).includes('#418'));
    await sam.clicks('Approve', { in: card, confirm: true });
    await lee.clicks('Approve', { in: card, confirm: true });
    await dana.sees('checkout runs in production now', { in: '#deploys' });

    // Sam is on call: nobody is asked, and no window and no order stands in the way.
    await sam.types('#incidents', '/rollback checkout production');
    await sam.sees('checkout v2.7.0 runs in production again', { in: '#deploys' });
    await sam.types('#incidents', '/deploys checkout production');
    await sam.sees('runs now (REQ-');

    // Every finished deploy's card has the way back from it.
    const finished = await dana.sees('Deploys checkout v2.8.0 (latest) to staging', { in: '#deploys' });
    await dana.clicks('Roll back', { in: finished, confirm: true });
    await dana.sees('checkout v2.7.1 runs in staging again', { in: '#deploys' });
    await dana.sees('goes back from it', { in: '#deploys' });
  },
};
