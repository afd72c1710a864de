import { isThere } from '../looks.ts';
import type { Story } from '../story.ts';

export const smallEnvironment: Story = {
  title: 'A small environment runs by itself',
  async play({ dana, stage, holds }) {
    await dana.types('#platform-requests', '/env create checkout-pr-12 --blueprint web-service --ttl 8h');
    await dana.sees('Runs at once', { ephemeral: true });
    await dana.sees('is done', { in: '#platform-requests' });
    const card = await dana.sees('checkout-pr-12.env.acme.example', { in: '#platform-requests' });
    holds('the card has no buttons left', !JSON.stringify(card.blocks ?? []).includes('"Approve"'));
    holds('the namespace is on the cluster', isThere(stage, 'env-checkout-pr-12'));
  },
};
