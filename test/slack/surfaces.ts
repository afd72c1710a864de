/**
 * Everything that Greenlight shows in Slack, in every state, with texts as long, as many and as hostile as they come:
 * what the rules of good behaviour are held against. A new builder belongs here; manners.test.ts names those that miss.
 */
import type { HomeView, ModalView } from '@slack/types';
import { loadActions } from '../../src/actions/load.ts';
import { quorumAsRecorded } from '../../src/approvals/quorum.ts';
import type { Action, Actions } from '../../src/core/action.ts';
import { noticeKinds } from '../../src/core/ports.ts';
import { ok, problem, problemCodes, refuse } from '../../src/core/problem.ts';
import { endedStatuses, isEnded, openStatuses, type PlatformRequest } from '../../src/core/request.ts';
import { parseCommand } from '../../src/handlers/parse-command.ts';
import { answerHeading, answerMessage } from '../../src/slack/answers.ts';
import { askingNotice, isAsking } from '../../src/slack/asking-notices.ts';
import { anchorMessage } from '../../src/slack/audit-anchor.ts';
import type { SlackMessage } from '../../src/slack/blocks.ts';
import { movedAway, pointerTo } from '../../src/slack/card-places.ts';
import { plainCard } from '../../src/slack/cards/plain.ts';
import { type CardContext, cardOf } from '../../src/slack/cards.ts';
import { approveView } from '../../src/slack/forms/approve-form.ts';
import { cancelView } from '../../src/slack/forms/cancel-form.ts';
import { changesView, denyView } from '../../src/slack/forms/deny-form.ts';
import { enrolView } from '../../src/slack/forms/enrol-form.ts';
import { fieldsOf } from '../../src/slack/forms/fields.ts';
import { formView, loadingView, messageView } from '../../src/slack/forms/form.ts';
import { narrowView } from '../../src/slack/forms/narrow-form.ts';
import { actionHelp, commandHelp, requestsHelp } from '../../src/slack/help.ts';
import { historyMessage } from '../../src/slack/history.ts';
import { closedHome, type HomeModel, homeView } from '../../src/slack/home.ts';
import { overviewMessage } from '../../src/slack/lists.ts';
import { lockKept } from '../../src/slack/lock-notices.ts';
import { slashCommands } from '../../src/slack/manifest.ts';
import { noticeOf, problemMessage } from '../../src/slack/notices.ts';
import { outcomeMessage } from '../../src/slack/outcome.ts';
import { editNotice } from '../../src/slack/platform-notices.ts';
import { isAboutReviews, reviewNotice } from '../../src/slack/review-notices.ts';
import { isAboutStalls, stallNotice } from '../../src/slack/stall-notices.ts';
import { withoutSecrets } from '../../src/slack/without-secrets.ts';
import { extreme, hostile, now, person, requirement, review, sample, verdict } from './samples.ts';

export type Surface =
  | { readonly name: string; readonly kind: 'message'; readonly shown: SlackMessage }
  | { readonly name: string; readonly kind: 'modal'; readonly shown: ModalView }
  | { readonly name: string; readonly kind: 'home'; readonly shown: HomeView };

export const actions: Actions = await loadActions();

export const cards: CardContext = {
  actions,
  groupTitle: (name) => ({ 'payments-team': 'Payments team', sre: 'SRE' })[name] ?? name,
  quorumOf: quorumAsRecorded,
};

/** The builders that are called below, by name. */
export const covered = [
  ...[
    cardOf,
    outcomeMessage,
    historyMessage,
    overviewMessage,
    noticeOf,
    askingNotice,
    reviewNotice,
    stallNotice,
  ],
  ...[plainCard, pointerTo],
  ...[problemMessage, lockKept, editNotice, anchorMessage, movedAway, commandHelp, actionHelp, requestsHelp],
  ...[answerMessage, answerHeading, homeView, closedHome, formView, loadingView, messageView],
  ...[denyView, changesView, approveView, cancelView, narrowView, enrolView],
].map((builder) => builder.name);

export function surfaces(): readonly Surface[] {
  return [...cardSurfaces(), ...replySurfaces(), ...answerSurfaces(), ...modalSurfaces(), ...homeSurfaces()];
}

/** In each state, plain and at the edge; those that ended in each way; and of each action as its examples ask for it. */
export function cardRequests(): readonly { readonly name: string; readonly request: PlatformRequest }[] {
  const statuses = [...openStatuses, ...endedStatuses];
  const emergency = { kind: 'break_glass', reason: hostile(200) } as const;
  const glass = { rules: [hostile(60)], review: ['sre'], brokenAt: now };
  const askers = Array.from({ length: 30 }, (_, index) => person(`U0C${index}`, hostile(200)));
  const asked = {
    reviews: askers.map((one) => review(one, 'request_changes', hostile(3000))),
    requirements: [{ ...requirement, escalates: { to: Array(30).fill(hostile(60)), afterMs: 1 } }],
    asking: { since: now, rounds: [], escalated: [requirement.id] },
  };
  return [
    { name: 'changes asked, waiting', request: sample('waiting', asked) },
    ...statuses.flatMap((status) => [
      { name: `plain, ${status}`, request: sample(status) },
      { name: `extreme, ${status}`, request: extreme(status) },
      { name: `emergency, ${status}`, request: sample(status, { bypass: emergency, glass } as never) },
      { name: `stalled, ${status}`, request: sample(status, isOpen(status) ? { stall } : {}) },
      {
        name: `override, ${status}`,
        request: sample(status, { bypass: { ...emergency, kind: 'override' } }),
      },
    ]),
    ...askedByExample().flatMap(({ name, action, input, effect }) =>
      (['waiting', 'succeeded'] as const).map((status) => ({
        name: `${name}, ${status}`,
        request: sample(status, { action, input, effect }),
      })),
    ),
  ];
}

function isOpen(status: PlatformRequest['status']): boolean {
  return (openStatuses as readonly string[]).includes(status);
}

function askedByExample() {
  return [...actions].flatMap(([name, action]) => {
    const { effect } = action;
    if (effect === 'read') return [];
    return action.command.examples.flatMap((line) => {
      const parsed = parseCommand(
        action.command.slash,
        [{ name, action }],
        line.slice(action.command.slash.length),
      );
      return parsed.kind === 'ask' || parsed.kind === 'form'
        ? [{ name: line, action: name, input: parsed.input, effect }]
        : [];
    });
  });
}

const stall = { since: now, until: now, problem: problem('outside_unavailable', hostile(900), hostile(300)) };
const asked = person('U0OLGA', 'Olga Petrova');

function cardSurfaces(): Surface[] {
  return cardRequests().flatMap(({ name, request }) => [
    message(`card of ${name}`, withoutSecrets(cardOf(request, cards))),
    message(`outcome of ${name}`, outcomeMessage(request, cards, 'C0DEPLOYS')),
    message(
      `history of ${name}`,
      historyMessage(request, [{ seq: 1, event: { type: 'expired', at: now } }], cards),
    ),
    // What was asked for changes only their phrase, which the card has tried.
    ...(name.startsWith('/') ? [] : noticeSurfaces(name, request)),
  ]);
}

function noticeSurfaces(name: string, request: PlatformRequest): Surface[] {
  const round = { kind: 'asked', version: 1, at: now, people: [{ id: asked.id, name: asked.name }] } as const;
  const asking = {
    since: now,
    rounds: [round, { ...round, kind: 'reminded', version: 2, isLast: true }],
    escalated: [],
  };
  const choices = [
    { label: 'Extend by 4h', commandLine: '/env extend x by 4h', price: '0.46 EUR', outlook: ok(verdict) },
    {
      label: 'Destroy',
      commandLine: '/env destroy x',
      outlook: refuse(problem('busy', hostile(300), hostile(90))),
    },
  ];
  return noticeKinds.flatMap((kind) => {
    // Told of emergencies only.
    if (kind.startsWith('glass_') && !request.glass) return [];
    const drawn = isAsking(kind)
      ? [1, 2].map((version) =>
          askingNotice({ key: `k:${version}`, kind }, { ...request, asking } as never, cards),
        )
      : isAboutReviews(kind)
        ? [reviewNotice(kind, request)]
        : isAboutStalls(kind)
          ? [stallNotice(kind, request), stallNotice(kind, { ...request, stall })]
          : [noticeOf({ kind }, request, cards, choices)];
    return drawn.flatMap((shown, index) =>
      shown ? [message(`notice ${kind}.${index} of ${name}`, withoutSecrets(shown))] : [],
    );
  });
}

function replySurfaces(): Surface[] {
  const request = sample('waiting');
  const slashes = [...slashCommands(actions)];
  return [
    ...problemCodes.map((code) =>
      message(
        `problem ${code}`,
        problemMessage(problem(code, hostile(600), hostile(300), { fields: { x: hostile(90) } }), 'ref00001'),
      ),
    ),
    message('nothing to list', overviewMessage({ mine: [], waitingForMe: [], debts: [] }, cards)),
    message(
      'long lists',
      overviewMessage(
        {
          mine: Array(40).fill(extreme('waiting')),
          waitingForMe: [request],
          debts: Array(40).fill(request),
        },
        cards,
      ),
    ),
    message('lock kept', lockKept(request)),
    message(
      'edit refused',
      withoutSecrets(editNotice({ file: 'data/policy.yml', mistakes: Array(30).fill(hostile(500)) })),
    ),
    message('edit in force', editNotice({ file: 'data/policy.yml', mistakes: [] })),
    message('anchor of the audit', anchorMessage(JSON.stringify({ hash: 'a'.repeat(64) }), 12)),
    message('card moved away', movedAway(request)),
    message('plain card', plainCard(request, cards)),
    message('card elsewhere', pointerTo(request.id, 'C0REQUESTS', 'https://acme.slack.com/archives/C1/p1')),
    message('help of requests', requestsHelp(hostile(100))),
    ...slashes.map(([slash, group]) => message(`help of ${slash}`, commandHelp(slash, group))),
    ...[...actions].map(([name, action]) => message(`help of ${name}`, actionHelp(action, undefined))),
  ];
}

function answerSurfaces(): Surface[] {
  const answer = {
    title: hostile(300),
    sentence: `${hostile(200)}.`,
    mood: 'bad' as const,
    sections: Array.from({ length: 20 }, () => ({
      ...{ title: hostile(200), mood: 'busy' as const, lines: Array(90).fill(hostile(200)) },
      fields: Array.from({ length: 14 }, () => ({ label: hostile(90), value: hostile(300) })),
      verbatim: [hostile(900)],
    })),
    links: [{ label: hostile(90), url: 'https://x.example/a?b=1&c=2' }],
    next: Array.from({ length: 6 }, () => ({
      label: 'Restart payments',
      commandLine: '/svc restart payments',
    })),
  };
  const question = { action: 'service.status', input: { service: 'payments' } };
  const audiences = [
    { kind: 'private' as const },
    { kind: 'channel' as const, shownBy: hostile(90) },
    { kind: 'watch' as const, id: 'w1', words: 'Until 10:00.', isEnded: false },
  ];
  const extras = { note: undefined, image: { id: 'F0PNG', altText: 'CPU of payments, 40 % now.' } };
  return [
    ...audiences.map((audience) =>
      message(`answer, ${audience.kind}`, answerMessage(answer, question, audience, extras)),
    ),
    message('heading of files', answerHeading(answer)),
  ];
}

function modalSurfaces(): Surface[] {
  const request = extreme('waiting');
  const metadata = { id: request.id, digest: 'a'.repeat(64), channel: 'C0DEPLOYS' };
  return [
    ...[...actions].flatMap(([name, action]) => formSurfaces(name, action)),
    modal('loading', loadingView('Deploy a service')),
    modal('history', messageView(request.id, historyMessage(request, [], cards).blocks)),
    modal('deny', withoutSecrets(denyView(metadata, hostile(200)))),
    modal('changes', withoutSecrets(changesView(metadata, hostile(200)))),
    modal('approve', withoutSecrets(approveView(metadata, hostile(200), { note: true, code: true }))),
    modal('cancel', cancelView(metadata)),
    modal(
      'enrol',
      enrolView({ key: 'JBSWY3DPEHPK3PXP', address: 'otpauth://totp/x', replaces: true } as never),
    ),
    ...[...actions].flatMap(([name, action]) =>
      action.effect === 'read'
        ? []
        : [
            modal(
              `narrow ${name}`,
              narrowView(metadata, sample('waiting', { action: name }), action, { note: true, code: false }),
            ),
          ],
    ),
  ];
}

/** More than a select takes, once: as many for each action would only take time. */
const manyFor = (action: string) => (action === 'deploy' ? 101 : 3);

function formSurfaces(name: string, action: Action): Surface[] {
  const filled = Object.fromEntries(
    fieldsOf(action).map((field) => [field.name, field.kind === 'number' ? 3 : hostile(100)]),
  );
  const choice = { value: 'x', label: hostile(100), description: hostile(100) };
  const choices = Object.fromEntries(
    fieldsOf(action).map((field) => [field.name, Array(manyFor(name)).fill(choice)]),
  );
  const said = { verdict: { ...verdict, reasons: [] }, limits: [hostile(300)] };
  const base = {
    ...{
      action,
      schema: undefined,
      timeZone: 'Europe/Berlin',
      alerts: 'C0INCIDENTS',
      groupTitle: cards.groupTitle,
    },
    metadata: { action: name, draftId: 'd' },
  };
  return [
    modal(`form of ${name}`, formView({ ...base, values: {}, choices: {}, outlook: undefined })),
    modal(
      `form of ${name}, filled`,
      formView({ ...base, values: filled, choices, outlook: said, wrong: { x: hostile(90) } }),
    ),
    modal(
      `form of ${name}, refused`,
      formView({ ...base, values: filled, choices, outlook: { sentence: hostile(900) } }),
    ),
  ];
}

export const emptyHome: HomeModel = { waitingForMe: [], mine: [], environments: [], debts: [], mayAsk: [] };

function homeSurfaces(): Surface[] {
  const many = <One>(one: One) => Array<One>(30).fill(one);
  const environment = {
    record: {
      ...{ name: 'n'.repeat(60), team: hostile(60), requester: hostile(60) },
      ...{ living: { expiresAt: now, url: 'https://x.example' }, life: { sleep: { wakesAt: now } } },
    },
    perDay: '2.74 EUR',
  };
  const open = [...openStatuses, ...endedStatuses].map(extreme).filter((one) => !isEnded(one));
  return [
    home('empty', homeView(emptyHome, cards, now)),
    home(
      'full',
      homeView(
        {
          ...{
            waitingForMe: many(extreme('waiting')),
            mine: [...open, ...open],
            environments: many(environment),
          },
          ...{ debts: many(sample('succeeded', { bypass: { kind: 'break_glass', reason: hostile(500) } })) },
          mayAsk: [...actions.keys()],
        },
        cards,
        now,
      ),
    ),
    home('closed', closedHome({ sentence: 'Guests cannot use Greenlight.', next: 'Ask a member.' })),
  ];
}

function message(name: string, shown: SlackMessage): Surface {
  return { name, kind: 'message', shown };
}

function modal(name: string, shown: ModalView): Surface {
  return { name, kind: 'modal', shown };
}

function home(name: string, shown: HomeView): Surface {
  return { name, kind: 'home', shown: withoutSecrets(shown) };
}
