import { replicasOf } from '../looks.ts';
import type { Story } from '../story.ts';

export const sleepingEnvironment: Story = {
  title: 'An environment sleeps for a tenth of its price, wakes, and tells what it has cost',
  async play({ priya, stage, holds }) {
    const channel = '#platform-requests';
    await priya.types(channel, '/env create pay-night --ttl 2d');
    await priya.sees('pay-night.env.acme.example', { in: channel });
    await priya.types(channel, '/env sleep pay-night by 1d');
    await priya.sees('pay-night sleeps', { in: channel });
    holds('nothing runs in it', replicasOf(stage, 'env-pay-night', 'web') === 0);
    await priya.types(channel, '/env show pay-night');
    const shown = await priya.sees('It sleeps for', { ephemeral: true });
    await priya.clicks('Wake', { in: shown });
    await priya.seesForm('Wake an environment');
    await priya.submits();
    await priya.sees('pay-night is awake', { in: channel });
    holds('it runs again', replicasOf(stage, 'env-pay-night', 'web') === 1);
    await priya.types(channel, '/env cost --team payments');
    await priya.sees('environments have cost', { ephemeral: true });
  },
};
