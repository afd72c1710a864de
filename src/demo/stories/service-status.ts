import type { Story } from '../story.ts';

export const serviceStatus: Story = {
  title: 'A service says how it is, to whoever asked',
  async play({ sam, dana }) {
    await sam.types('#incidents', '/svc payments');
    await sam.sees('payments is healthy', { ephemeral: true });
    await sam.types('#incidents', '/svc search');
    await sam.sees('CrashLoopBackOff', { ephemeral: true });
    await dana.client.doesNotSee('CrashLoopBackOff');
    await sam.clicks('Show to the channel');
    await dana.sees('CrashLoopBackOff', { in: '#incidents' });
  },
};
