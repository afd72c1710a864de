import { minuteMs } from '../../core/duration.ts';
import type { Story } from '../story.ts';

export const onCall: Story = {
  title: 'Sam restarts what crashes, at three in the morning',
  async play({ sam, priya, stage, tell, holds }) {
    const [namespace, deployment] = ['checkout-production', 'checkout'];
    const { control } = stage.world.cluster;
    tell('Checkout 2.7.1 goes to production while its database is away.');
    control.failNext(namespace, deployment, 'crash');
    const image = 'registry.acme.example/checkout:2.7.1';
    control.setImage({ namespace, deployment, image, version: '2.7.1' });
    await stage.clock.advance(3 * minuteMs);

    await sam.types('#incidents', '/svc');
    await sam.sees('checkout and search are not well', { ephemeral: true });
    await sam.types('#incidents', '/svc logs checkout production');
    const logs = await sam.sees('panic: cannot start without a database', { ephemeral: true });
    holds(
      'nothing offers to show them to others',
      !JSON.stringify(logs.blocks).includes('Show to the channel'),
    );
    await priya.client.doesNotSee('panic: cannot start');
    await priya.types('#incidents', '/svc logs checkout production');
    await priya.sees('only the owners of a service, SRE and platform leads read them', { ephemeral: true });

    tell('The database is back; what crashed waits longer and longer before it tries again.');
    control.stopFailing(namespace, deployment);
    await sam.types('#incidents', '/svc restart checkout production');
    await sam.sees('whoever is on call helps production at once', { ephemeral: true });
    await sam.sees('checkout in production runs on new Pods now', { in: '#deploys' });
    await sam.types('#incidents', '/svc checkout');
    await sam.sees('checkout is healthy', { ephemeral: true });

    await sam.types('#incidents', '/svc scale checkout 0 in production');
    await sam.sees('0 replicas stop it in production', { ephemeral: true });
    await sam.types('#incidents', '/svc scale checkout 4 in production');
    await sam.sees('checkout runs 4 Pods in production now', { in: '#deploys' });
  },
};
