import { minuteMs } from '../../core/duration.ts';
import { isThere } from '../looks.ts';
import type { Story } from '../story.ts';

export const lifeOfAnEnvironment: Story = {
  title: 'An environment warns before its end, is extended, and goes by itself',
  async play({ priya, stage, tell, holds }) {
    const channel = '#platform-requests';
    await priya.types(channel, '/env create pay-preview --ttl 10m');
    await priya.sees('pay-preview.env.acme.example', { in: channel });
    await priya.types(channel, '/env list --team payments');
    await priya.sees('pay-preview: Web service, Priya Nair', { ephemeral: true });
    await priya.types(channel, '/env show pay-preview');
    await priya.sees('Its workload: healthy', { ephemeral: true });

    await stage.clock.advance(7 * minuteMs);
    const warning = await priya.sees('your environment pay-preview ends', { in: channel });
    await priya.clicks('Extend by 4h', { in: warning });
    await priya.seesForm('Extend an environment');
    await priya.seesInForm('Runs at once: the team keeps its environments a little longer by itself');
    await priya.fills('Longer by', '20m');
    await priya.submits();
    await priya.sees('pay-preview lives until', { in: channel });
    await stage.clock.advance(5 * minuteMs);
    await stage.settle();
    holds('it is still there after its first end', isThere(stage, 'env-pay-preview'));

    tell('Time passes.');
    await stage.clock.advance(14 * minuteMs);
    await priya.sees('done, and removed since by', { in: channel });
    holds('the namespace is gone', !isThere(stage, 'env-pay-preview'));
  },
};
