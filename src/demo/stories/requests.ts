import { isThere } from '../looks.ts';
import type { Story } from '../story.ts';

export const requestsAndHelp: Story = {
  title: 'Every command helps, forgives a typo, and remembers',
  async play({ dana, gil, stage, holds }) {
    await dana.types('#platform-requests', '/requests');
    await dana.sees('REQ-', { ephemeral: true });
    await dana.types('#platform-requests', '/requests REQ-1');
    await dana.sees('asked', { ephemeral: true });
    await dana.types('#platform-requests', '/env help');
    await dana.sees('/env create', { ephemeral: true });
    await dana.types('#platform-requests', '/env craete my-env');
    await dana.sees('create', { ephemeral: true });
    // As a phone types it: curly quotes, and a long dash for two short ones.
    await dana.types('#platform-requests', '/env create “from-my-phone” —ttl 1h');
    await dana.sees('the team has 3 environments already', { ephemeral: true });
    await dana.types('#platform-requests', '/env destroy load-test');
    await dana.sees('load-test is gone', { in: '#platform-requests' });
    holds('the namespace went with it', !isThere(stage, 'env-load-test'));
    await gil.types('#platform-requests', '/env create mine');
    await gil.sees('Guests of this workspace', { ephemeral: true });
  },
};
