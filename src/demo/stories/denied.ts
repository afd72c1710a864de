import type { Story } from '../story.ts';

export const deniedWithReason: Story = {
  title: 'A no has a reason, and ends it',
  async play({ dana, lee, holds }) {
    await dana.types('#platform-requests', '/env create big-batch --cpu 12 --ttl 2d');
    const card = await lee.sees('Creates the environment big-batch', {
      in: '#platform-requests',
      from: 'U0GREENLIGHT',
    });
    await lee.clicks('Deny', { in: card });
    await lee.seesForm('Deny REQ-4');
    await lee.fills('Reason', 'Use the nightly batch cluster for this.');
    await lee.submits();
    await dana.sees('was denied', { in: '#platform-requests' });
    const after = await dana.sees('Use the nightly batch cluster', { in: '#platform-requests' });
    holds('the reason stands in the thread', after !== undefined);
  },
};
