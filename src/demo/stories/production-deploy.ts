import type { Story } from '../story.ts';

export const productionDeploy: Story = {
  title: 'A production deploy needs two people, one of them an owner',
  async play({ dana, priya, sam, oda, stage, holds }) {
    await dana.types('#deploys', '/deploy payments v1.4.2 to production');
    const card = await priya.sees('Deploys payments v1.4.2 to production', {
      in: '#deploys',
      from: 'U0GREENLIGHT',
    });
    await oda.clicks('Approve', { in: card, confirm: true });
    await oda.sees('Greenlight answers only to members', { ephemeral: true });

    await sam.clicks('Approve', { in: card, confirm: true });
    await sam.sees('1 of 2 approvals', { in: '#deploys' });
    await sam.clicks('Approve', { in: card, confirm: true });
    await sam.sees('already', { ephemeral: true });
    await priya.clicks('Approve', { in: card, confirm: true });
    await dana.sees('is done', { in: '#deploys' });
    await dana.sees('payments v1.4.2 runs in production now', { in: '#deploys' });

    const runs = stage.world.github.control.runs().filter((run) => run.displayTitle.includes('v1.4.2'));
    holds('exactly one workflow run was dispatched', runs.length === 1);
    holds('it succeeded', runs[0]?.conclusion === 'success');
  },
};
