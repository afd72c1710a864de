import { describe, expect, test } from 'vitest';
import type { Answer } from '../../src/core/action.ts';
import type { Chart } from '../../src/core/chart.ts';
import { world } from './world.ts';

const from = Date.parse('2026-11-21T08:00:00Z');
const chart: Chart = {
  title: 'Errors',
  unit: 'ratio',
  from,
  to: from + 3_600_000,
  marks: [{ at: from + 1_800_000, label: 'v1.4.2' }],
  lines: [
    {
      name: 'errors',
      gapMs: 180_000,
      points: Array.from({ length: 61 }, (_, minute) => ({
        at: from + minute * 60_000,
        value: minute / 1000,
      })),
    },
  ],
};
const answer: Answer = { title: 'payments', sentence: 'It is well.', sections: [], links: [], next: [] };
const withLog = {
  ...answer,
  files: [{ name: 'payments.log', content: 'one\ntwo\n', altText: 'Two lines.' }],
};
const withCharts = {
  ...answer,
  charts: { name: 'payments-1h.png', title: 'payments, last 1h', zone: 'Europe/Berlin', charts: [chart] },
};
const dm = 'D0DANA';

async function asked(given: Answer, refused: readonly string[] = []) {
  const stage = await world({ answer: given }, 'socket', refused);
  const dana = stage.sandbox.as('U0DANA');
  await dana.command('#general', '/svc payments');
  const said = await dana.sees('It is well.', { in: '#general', ephemeral: true });
  return { ...stage, dana, said };
}

describe('a file', () => {
  test('goes to the direct messages of who asked, under its question, and the answer leads there', async () => {
    const { dana, said, sandbox } = await asked(withLog);
    await dana.sees('It is well.', { in: dm });
    const { channels } = await dana.view();
    const [file] = channels.find(({ id }) => id === dm)?.messages.flatMap(({ files }) => files) ?? [];
    expect(file).toMatchObject({ name: 'payments.log', mimetype: 'text/plain', preview: 'one\ntwo' });
    expect(JSON.stringify(said.blocks)).toMatch(
      /archives\/D0DANA\/p\d+\|payments\.log: in your direct messages/,
    );
    for (const { messages } of (await sandbox.as('U0SAM').view()).channels) {
      expect(messages.flatMap(({ files }) => files)).toEqual([]);
    }
  });

  test('stays there when the answer is shown to the channel', async () => {
    const { dana, said, sandbox } = await asked(withLog);
    await dana.click('Show to the channel', { in: said });
    const shown = await sandbox.as('U0SAM').sees('It is well.', { in: '#general' });
    expect(shown.files).toEqual([]);
    expect(JSON.stringify(shown.blocks)).not.toContain('payments.log');
  });

  test('that may not be sent is missed with a sentence, and the answer is there all the same', async () => {
    const { said } = await asked(withLog, ['files:write']);
    expect(JSON.stringify(said.blocks)).toContain('the optional scope files:write.');
  });

  test('that gets lost on its way is told, and leaves nothing half-sent', async () => {
    const { sandbox, dana } = await world({ answer: withLog }).then((stage) => ({
      ...stage,
      dana: stage.sandbox.as('U0DANA'),
    }));
    await sandbox.breakOn({ box: 'slack', operation: 'upload', fault: { kind: 'status', status: 500 } });
    await dana.command('#general', '/svc payments');
    const said = await dana.sees('It is well.', { in: '#general', ephemeral: true });
    expect(JSON.stringify(said.blocks)).toContain('Slack does not answer just now.');
    const { channels } = await dana.view();
    expect(channels.find(({ id }) => id === dm)?.messages).toEqual([]);
  });
});

describe('charts', () => {
  test('are a picture where it was asked and in the direct messages, with words for who does not see it', async () => {
    const { dana, said } = await asked(withCharts);
    const words =
      /^payments, last 1h\. Errors: now 6\.0 %, between 0 % and 6\.0 %\. Deployed meanwhile: v1\.4\.2\.$/;
    const image = said.blocks?.find(({ type }) => type === 'image');
    expect(image).toMatchObject({
      slack_file: { id: expect.any(String) },
      alt_text: expect.stringMatching(words),
    });
    const { channels } = await dana.view();
    const [file] = channels.find(({ id }) => id === dm)?.messages.flatMap(({ files }) => files) ?? [];
    expect(file).toMatchObject({ mimetype: 'image/png', altText: expect.stringMatching(words) });
  });

  test('are drawn by Slack itself where no file may be sent', async () => {
    const { said } = await asked(withCharts, ['files:write']);
    const drawn = said.blocks?.find(({ type }) => type === 'data_visualization') as
      | { chart: { series: { data: { value: number }[] }[]; axis_config: { categories: string[] } } }
      | undefined;
    expect(drawn?.chart.axis_config.categories).toHaveLength(20);
    expect(drawn?.chart.axis_config.categories.at(-1)).toBe('10:00');
    expect(drawn?.chart.series[0]?.data.at(-1)?.value).toBe(6);
  });

  test('that Slack does not take leave the words', async () => {
    const { sandbox } = await world({ answer: withCharts });
    const dana = sandbox.as('U0DANA');
    for (const operation of ['response_url', 'chat.postEphemeral']) {
      await sandbox.breakOn({ box: 'slack', operation, fault: { kind: 'status', status: 400 }, times: 1 });
    }
    await dana.command('#general', '/svc payments');
    const said = await dana.sees('It is well.', { in: '#general', ephemeral: true });
    expect(said.blocks?.map(({ type }) => type)).not.toContain('image');
    expect(JSON.stringify(said.blocks)).toContain('payments-1h.png');
  });
});
