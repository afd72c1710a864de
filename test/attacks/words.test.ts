/** Text of operators, catalogs, pull requests, blueprints and Jobs: on every answer and card it is only ever text. */
import { expect, test } from 'vitest';
import { quorumAsRecorded } from '../../src/approvals/quorum.ts';
import type { Answer } from '../../src/core/answer.ts';
import { endedStatuses, openStatuses } from '../../src/core/request.ts';
import { answerHeading, answerMessage } from '../../src/slack/answers.ts';
import { cardOf } from '../../src/slack/cards.ts';
import { outcomeMessage } from '../../src/slack/outcome.ts';
import { actions } from '../handlers/world.ts';
import { expectGoodMessage, textsOf } from '../slack/manners.ts';
import { preview, sample } from '../slack/samples.ts';

const loud =
  '<!channel> <!subteam^S0SRE> <@U0EVIL> <#C0EVIL> <javascript:alert(1)|ok> <https://evil.example|ok>\n</quote> ```';
const addresses = [
  'javascript:alert(1)',
  'data:text/html,x',
  'https://evil.example|<!channel>',
  'https://evil.example/> <!channel> <',
  'mailto:a@b.example',
  'slack://open',
];
const links = addresses.map((url) => ({ label: loud, url }));

const answer: Answer = {
  ...{ title: loud, sentence: loud, mood: 'bad', links, footnote: loud, isPersonal: false },
  sections: [
    ...[{ title: loud, fields: [{ label: loud, value: loud }], lines: [loud], verbatim: [loud, '```'] }],
    { title: 'links', fields: [], lines: addresses, verbatim: addresses },
  ],
  next: [{ label: loud, commandLine: `/svc ${loud}` }],
};

test.each([
  ['to one person', { kind: 'private' as const }],
  ['shown to a channel', { kind: 'channel' as const, shownBy: loud }],
  ['that is followed', { kind: 'watch' as const, id: 'w', words: 'ours', isEnded: false }],
])('an answer %s pings nobody and leads nowhere but to the web', (_what, audience) => {
  const message = answerMessage(answer, { action: 'service.status', input: {} }, audience, {
    note: { text: loud, link: 'javascript:alert(1)' },
  });
  expectGoodMessage(message);
  expectQuiet(message);
  expectQuiet(answerHeading(answer));
});

test.each([...openStatuses, ...endedStatuses])(
  'the card and the outcome of one that is %s ping nobody and lead nowhere but to the web',
  (status) => {
    const cards = { actions, groupTitle: () => loud, quorumOf: quorumAsRecorded };
    const request = sample(status, {
      preview: {
        ...preview,
        ...{ sentence: loud, details: [{ label: loud, value: loud }], cautions: [loud] },
        ...{ compareUrl: 'javascript:alert(1)', resolved: { version: loud } },
        commits: links.map(({ url }, index) => ({ sha: `${index}abcdef0`, title: loud, author: loud, url })),
        pulls: links.map(({ url }, index) => ({ number: index + 1, title: loud, author: loud, url })),
      },
      outputs: { links, notes: [loud] },
      lock: {
        ...{ keys: [], kind: 'person', holder: sample(status).requester, reason: loud },
        ...{ requestId: sample(status).id, over: [], fence: 1, since: 0, until: 1 },
        ...{ activeAt: 0, reminders: 0 },
      },
    });
    for (const message of [cardOf(request, cards), outcomeMessage(request, cards, 'C0REQUESTS')]) {
      expectGoodMessage(message);
      expectQuiet(message);
    }
  },
);

function expectQuiet(message: { readonly text: string; readonly blocks: readonly unknown[] }): void {
  for (const text of [message.text, ...textsOf(message.blocks, 'mrkdwn')]) {
    expect(text).not.toMatch(
      /<(?:[!@#]|javascript|data|mailto|slack)(?!date)[^>]*(?:EVIL|S0SRE|channel|alert|html|a@b|open)/,
    );
    expect(text).not.toMatch(/<https:\/\/evil\.example\|/);
  }
  for (const url of JSON.stringify(message.blocks).matchAll(/"url":"([^"]*)"/g)) {
    expect(url[1]).toMatch(/^https?:/);
  }
}
