/**
 * Every door that is registered, with every kind of person before it. The doors are read off the registration itself, so
 * that a new one is here without anybody's remembering, and fails until it asks who is there.
 */
import type { App } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import { loadActions } from '../../src/actions/load.ts';
import { personIdSchema } from '../../src/core/ids.ts';
import type { Person, PersonKind } from '../../src/core/person.ts';
import { ProblemError, problem } from '../../src/core/problem.ts';
import { drawHome } from '../../src/handlers/draw-home.ts';
import { type HandlerDeps, registerHandlers } from '../../src/handlers/register.ts';
import type { SlackMessage } from '../../src/slack/blocks.ts';
import { formCallback } from '../../src/slack/forms/form.ts';

type Kind = 'command' | 'action' | 'view' | 'options' | 'shortcut' | 'event';
type Listener = (payload: Record<string, unknown>) => Promise<unknown>;

interface Door {
  readonly kind: Kind;
  /** As Slack would send it. */
  readonly id: string;
  readonly listener: Listener;
}

const actions = await loadActions();

const strangers: { who: string; kind: PersonKind | 'unknown' | 'nobody knows'; sentence: string }[] = [
  { who: 'a guest', kind: 'guest', sentence: 'Guests of this workspace cannot use Greenlight.' },
  {
    who: 'a member of another company',
    kind: 'outside',
    sentence: 'Greenlight answers only to members of the company that runs it.',
  },
  { who: 'a bot', kind: 'bot', sentence: 'Greenlight takes no requests from bots.' },
  { who: 'a deactivated member', kind: 'deactivated', sentence: 'This account is deactivated.' },
  {
    who: 'an account that Slack does not know',
    kind: 'unknown',
    sentence: 'Slack does not know this account.',
  },
  { who: 'anybody while Slack cannot say', kind: 'nobody knows', sentence: 'Slack does not answer.' },
];

/** They tell us something and ask for nothing; what they change is asked of the directory anew. */
const toldOnly = new Set(['user_change', 'channel_shared', 'channel_unshared']);

describe.each(strangers)('$who', ({ kind, sentence }) => {
  test.each(doorsOf(strangerDeps(kind)).map(({ door }) => [`${door.kind} ${door.id}`, door] as const))(
    'is refused at the %s',
    async (_name, { kind: doorKind, id }) => {
      const found = doorsOf(strangerDeps(kind)).find(({ door }) => door.kind === doorKind && door.id === id);
      if (!found) throw new Error('the door is gone');
      const { door, seen } = found;
      const acks: unknown[] = [];
      const body = payloadFor(door);
      const ack = async (response?: unknown) => void acks.push(response);
      await door.listener({ body, ack, event: body.event, context: {} });

      expect(seen.touched, 'nothing was asked of the desk').toEqual([]);
      expect(seen.opened, 'no form was opened').toEqual([]);
      if (toldOnly.has(id)) return;
      const said = JSON.stringify([acks, seen.told]);
      if (doorKind === 'options') return expect(acks).toEqual([{ options: [] }]);
      // A field that changes in a form which is not theirs: there is nobody to be told anything.
      if (id === 'form.field.x' || id === 'form.back' || id.startsWith('form.bypass')) {
        return expect(seen.told).toEqual([]);
      }
      // Of a command at once: a process that ended after an empty acknowledgement could not say it any more.
      expect(doorKind === 'command' ? JSON.stringify(acks) : said).toContain(sentence);
      // With a next step and what to tell the operator; a Home is no answer to a deed, and names none.
      if (!id.startsWith('home.refresh') && doorKind !== 'event') expect(said).toMatch(/ref-1/);
    },
  );
});

test('all doors are here', () => {
  const ids = doorsOf(strangerDeps('guest')).map(({ door }) => `${door.kind} ${door.id}`);
  expect(ids.length).toBeGreaterThan(35);
  for (const expected of [
    ...['command /env', 'command /requests', 'command /code', 'view code.enrol', 'view approve.submit'],
    ...['action card.approve', 'action watch.stop', 'action lock.keep', 'action glass.review'],
    ...['shortcut alert.status', 'options form.field.x', 'event app_home_opened', 'event user_change'],
  ]) {
    expect(ids).toContain(expected);
  }
});

interface Seen {
  /** Whatever was called of what knows or changes something. */
  readonly touched: string[];
  readonly opened: string[];
  /** What people were told, as messages or as their Home. */
  readonly told: unknown[];
}

function doorsOf({ deps, seen }: { deps: HandlerDeps; seen: Seen }): { door: Door; seen: Seen }[] {
  const doors: Door[] = [];
  const on = (kind: Kind) => (what: unknown, listener: Listener) =>
    void doors.push({ kind, id: idOf(what), listener });
  const kinds: readonly Kind[] = ['command', 'action', 'view', 'options', 'shortcut', 'event'];
  const app = { ...Object.fromEntries(kinds.map((kind) => [kind, on(kind)])), error: () => {} };
  registerHandlers(app as unknown as App, deps);
  return doors.map((door) => ({ door, seen }));
}

/** A pattern is met by one of those that it was made for. */
function idOf(what: unknown): string {
  if (typeof what === 'string') return what;
  if (what instanceof RegExp) {
    const made = ['form.field.x', 'answer.run.0', 'home.ask.0', 'ways.0'].find((one) => what.test(one));
    if (made === undefined) throw new Error(`name one that ${what} is for`);
    return made;
  }
  return String((what as { callback_id: unknown }).callback_id);
}

function strangerDeps(kind: (typeof strangers)[number]['kind']): { deps: HandlerDeps; seen: Seen } {
  const seen: Seen = { touched: [], opened: [], told: [] };
  /** Whatever is called of it is noted, whatever it may be called. */
  const watched = (name: string, real: Record<string, unknown> = {}) =>
    new Proxy(real, {
      get: (target, key) =>
        key in target ? target[String(key)] : async () => void seen.touched.push(`${name}.${String(key)}`),
    });
  const directory = {
    person: async (id: string) => personOf(id, kind),
    personByEmail: async () => undefined,
    forget: () => {},
  };
  const leaver = { lookAfterLeaver: async () => 0 };
  const desk = watched('desk', leaver);
  const cards = { actions, groupTitle: (name: string) => name };
  const deps = {
    ...{ desk, actions, directory, cards },
    ...{ codes: watched('codes'), watches: watched('watches'), files: watched('files') },
    guard: watched('guard', { forget: () => {} }),
    channels: { requests: 'C1', deploys: 'C1' },
    client: {
      views: {
        open: async () => void seen.opened.push('open'),
        update: async () => void seen.opened.push('update'),
      },
    },
    homes: {
      draw: async (id: string) => {
        const clock = { now: () => 0 };
        const sources = { desk, directory, cards, clock } as unknown as Parameters<typeof drawHome>[0];
        seen.told.push((await drawHome(sources, personIdSchema.parse(id))).view);
      },
    },
    replies: { privately: async (_place: unknown, message: SlackMessage) => void seen.told.push(message) },
    trail: { refused: () => 'ref-1', settled: async () => {} },
    mentioned: () => [],
    log: { info: () => {}, warn: () => {}, error: () => {} },
    chance: { reference: () => 'ref-1' },
  };
  return { deps: deps as unknown as HandlerDeps, seen };
}

function personOf(id: string, kind: (typeof strangers)[number]['kind']): Person {
  if (kind === 'unknown')
    throw new ProblemError(problem('not_found', 'Slack does not know this account.', 'Ask.'));
  if (kind === 'nobody knows') {
    throw new ProblemError(
      problem('outside_unavailable', 'Slack does not answer.', 'Try again.', { isTransient: true }),
    );
  }
  return { id: personIdSchema.parse(id), name: 'Eve', kind, email: 'lee@acme.example' };
}

/** As whole as a member's: what stops it is who sends it. */
function payloadFor({ kind, id }: Door): Record<string, unknown> {
  const digest = 'd'.repeat(64);
  const isForm = kind === 'options' || id.startsWith('form.');
  const ofForm = { action: 'environment.create', draftId: 'x'.repeat(32) };
  const ofAnswer = { id: 'REQ-1', digest };
  const metadata = isForm || id === formCallback ? ofForm : ofAnswer;
  const filled = {
    reason: { text: { value: 'a reason' } },
    code: { code: { value: '123456' } },
  };
  return {
    type: { action: 'block_actions', view: 'view_submission', options: 'block_suggestion' }[kind as string],
    ...(kind === 'command' ? { command: id, text: '' } : {}),
    user: { id: 'U0EVE' },
    user_id: 'U0EVE',
    channel: { id: 'C1' },
    channel_id: 'C1',
    trigger_id: '1.2.3',
    callback_id: id,
    message: { text: 'service: payments' },
    actions: [
      { action_id: id, value: `REQ-1:1:${digest}`, selected_option: { value: `cancel REQ-1:1:${digest}` } },
    ],
    view: {
      ...{ id: 'V1', hash: '1.2', callback_id: id, blocks: [] },
      private_metadata: JSON.stringify(metadata),
      state: { values: isForm ? {} : filled },
    },
    event: { type: id, tab: 'home', user: id === 'user_change' ? { id: 'U0EVE', deleted: true } : 'U0EVE' },
  };
}
