/** Guards of what is written down and what is said: requests and their events, cards, notices, the chain. */
import type { Mutation } from './mutation.ts';

export const telling: readonly Mutation[] = [
  {
    name: 'versions: a change is written over one that it has not seen',
    edits: [
      {
        file: 'store/requests.ts',
        find: "if (before.version !== change.expectedVersion) return { outcome: 'conflict' };",
        replace: '',
      },
    ],
    breaks: ['no lost update'],
  },
  {
    name: 'dedupe: the same ask again is another request',
    edits: [
      {
        file: 'store/requests.ts',
        find: 'fresh.push({ key, ...one });',
        replace: 'fresh.push({ key: String(one.number), ...one });',
      },
    ],
    breaks: ['one ask, one request', 'nobody stumbles'],
  },
  {
    name: 'outbox: the row for a card is not written',
    edits: [
      {
        file: 'store/requests.ts',
        find: '    await followDelegations(trx, events);\n    await wantCard(trx, request, events);\n',
        replace: '    await followDelegations(trx, events);\n',
      },
    ],
    breaks: ['the card tells the truth'],
  },
  {
    name: 'outbox: a card counts as shown though it has changed meanwhile',
    edits: [
      {
        file: 'store/outbox.ts',
        find: "is_done: row.case().when('wanted_version', '<=', posted.shownVersion).then(1).else(0).end(),",
        replace:
          "is_done: row.case().when('wanted_version', '<=', posted.shownVersion).then(1).else(1).end(),",
      },
    ],
    breaks: ['the card tells the truth'],
  },
  {
    name: 'notices: nobody looks whether a line was said before its answer was lost',
    edits: [
      {
        file: 'slack/messenger.ts',
        find: 'if (mayBeThere && (await lost.find(where, mark, turn)).length > 0) return true;',
        replace: '',
      },
    ],
    breaks: ['told once'],
  },
  {
    name: 'cards: nobody looks whether one was posted before its answer was lost',
    edits: [
      {
        file: 'slack/lost-message.ts',
        find: 'return (reading?.messages ?? []).filter((one) => isMarked(one, mark)).map(({ ts }) => ts);',
        replace:
          'return (reading?.messages ?? []).filter((one) => isMarked(one, mark) && false).map(({ ts }) => ts);',
      },
    ],
    breaks: ['the card tells the truth', 'told once'],
  },
  {
    name: 'speaking: every replica speaks',
    edits: [
      {
        file: 'background/speak.ts',
        find: '    lease: () => leadership.current(),\n',
        replace: '',
      },
    ],
    breaks: ['told once', 'the card tells the truth'],
  },
  {
    name: 'chain: its head stays where it was',
    edits: [
      {
        file: 'store/audit-chain.ts',
        find: 'await moveHead(trx, head);',
        replace: 'void moveHead;',
      },
    ],
    breaks: ['the chain holds', 'nobody stumbles'],
  },
  {
    name: 'chain: what joins it is not linked to what was before',
    edits: [
      {
        file: 'store/audit-chain.ts',
        find: 'head = { position: entry.link.position, hash: entry.hash };',
        replace: 'head = { position: entry.link.position, hash: head.hash };',
      },
    ],
    breaks: ['the chain holds'],
  },
  {
    name: 'snapshots: what is kept is not what has happened',
    edits: [
      {
        file: 'store/requests.ts',
        find: 'row, { ...readableColumns(sql, number, request),',
        replace: 'row, { ...readableColumns(sql, number, { ...request, moves: request.moves + 1 }),',
      },
    ],
    breaks: ['a request is its events'],
  },
];
