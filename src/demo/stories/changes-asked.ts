import { isThere } from '../looks.ts';
import type { Story } from '../story.ts';

export const changesAsked: Story = {
  title: 'An approver asks for changes, the requester edits, and the answer begins again',
  async play({ priya, lee, stage, holds }) {
    await priya.types('#platform-requests', '/env create peak-test --cpu 12 --ttl 2d');
    const asked = await lee.sees('Creates the environment peak-test', {
      in: '#platform-requests',
      from: 'U0GREENLIGHT',
    });
    await lee.clicks('Request changes', { in: asked });
    await lee.seesForm('Request changes');
    await lee.fills('What should change', 'Half of it is enough for the peak of last year.');
    await lee.submits();
    const { text } = await priya.sees('asks for changes to', { in: '#platform-requests' });
    const id = /REQ-\d+/.exec(text)?.[0] ?? '';

    await priya.types('#platform-requests', `/requests edit ${id}`);
    await priya.seesForm(`Edit ${id}`);
    await priya.fills('CPU', '6');
    await priya.submits();
    const edited = await lee.sees('CPU from 12 to 6', { in: '#platform-requests', from: 'U0GREENLIGHT' });
    holds('nothing was made before the answer', !isThere(stage, 'env-peak-test'));
    await lee.clicks('Approve', { in: edited });
    await priya.sees('peak-test.env.acme.example', { in: '#platform-requests' });
    holds('it was made as it was edited', isThere(stage, 'env-peak-test'));
  },
};
