import { isThere } from '../looks.ts';
import type { Story } from '../story.ts';

export const largerEnvironment: Story = {
  title: 'A larger environment waits for a platform lead',
  async play({ dana, sam, lee, gil, stage, holds }) {
    await dana.types(
      '#platform-requests',
      '/env create perf-lab --cpu 8 --memory-gi 16 --replicas 2 --ttl 1d',
    );
    await dana.sees('Needs 1 approval from Platform leads: more than 4 CPU', { ephemeral: true });
    const card = await lee.sees('Creates the environment perf-lab', {
      in: '#platform-requests',
      from: 'U0GREENLIGHT',
    });
    await lee.sees('Please answer on the card', { in: '#platform-requests' });

    await dana.clicks('Approve', { in: card });
    await dana.sees('You asked for this one', { ephemeral: true });
    await gil.clicks('Approve', { in: card });
    await gil.sees('Guests of this workspace', { ephemeral: true });
    await sam.clicks('Approve', { in: card });
    await sam.sees('Platform leads', { ephemeral: true });

    await lee.clicks('Approve', { in: card });
    await lee.sees('Lee Winter', { in: '#platform-requests' });
    await dana.sees('perf-lab.env.acme.example', { in: '#platform-requests' });
    holds('it was made after the approval', isThere(stage, 'env-perf-lab'));
  },
};
