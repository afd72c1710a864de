import type { Story } from '../story.ts';

export const failedDeploy: Story = {
  title: 'A deploy that fails names the job and links to it',
  async play({ priya, holds }) {
    await priya.types('#deploys', '/deploy payments v1.5.0-rc.1 to staging');
    const line = await priya.sees('Read its log', { in: '#deploys' });
    holds('there is a link to its log', JSON.stringify(line.blocks ?? line.text).includes('http'));
  },
};
