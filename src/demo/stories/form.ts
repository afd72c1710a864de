import type { Story } from '../story.ts';

export const formWithVerdict: Story = {
  title: 'The form says before it is sent what the guardrails will say',
  async play({ dana, stage, holds }) {
    await dana.types('#platform-requests', '/env create');
    await dana.seesForm('Create an environment');
    await dana.fills('Name', 'Load Test!');
    await dana.submits();
    await stage.until(dana.client.waitFor({ kind: 'field-error', contains: 'small letters' }));
    await dana.fills('Name', 'load-test');
    await dana.seesInForm('Runs at once');
    await dana.fills('CPU', '8');
    await dana.seesInForm('Needs 1 approval from Platform leads: more than 4 CPU');
    await dana.fills('CPU', '4');
    await dana.seesInForm('Runs at once');
    await dana.submits();
    await dana.sees('load-test.env.acme.example', { in: '#platform-requests' });
    holds('the form is closed', (await dana.client.view()).modals.length === 0);
  },
};
