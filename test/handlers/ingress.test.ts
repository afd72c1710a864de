import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createIngress, type Delivery, fallbackAckMs } from '../../src/handlers/ingress.ts';
import { keptClickOf, openClick } from '../../src/handlers/kept-click.ts';
import type { Address } from '../../src/handlers/payload.ts';
import { plain, type SlackMessage, section } from '../../src/slack/blocks.ts';
import { interactiveTimeoutMs } from '../../src/slack/clients.ts';
import { messageView } from '../../src/slack/forms/form.ts';
import { problemMessage } from '../../src/slack/notices.ts';
import { collectingLog, keepingTrail, world } from './world.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const secret = 'xoxb-shared';

interface GateOptions {
  readonly appId?: string;
  readonly breaks?: 'asked' | 'told' | 'never answers';
  readonly hasActed?: boolean;
  readonly anybody?: boolean;
}

function gate(options: GateOptions = {}) {
  const seen = new Set<string>();
  const kept = new Map<string, string>();
  const lapsed = new Set<string>();
  const fail = () => Promise.reject(new Error('the disk is full of secrets'));
  const told: { place: Address; message: SlackMessage }[] = [];
  const logged: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const ingress = createIngress({
    deliveries: {
      wasHandled: async (key) => (options.breaks === 'asked' ? fail() : seen.has(key)),
      async handled(key) {
        if (options.breaks === 'told') return fail();
        seen.add(key);
        kept.delete(key);
      },
      async keepClick(key, click) {
        if (options.breaks === 'asked') return fail();
        if (options.breaks === 'never answers') return await new Promise<boolean>(() => {});
        if (seen.has(key) || kept.has(key)) return false;
        kept.set(key, click);
        return true;
      },
      isOurs: (key) => !lapsed.has(key),
    },
    secret,
    hasActedSince: async (by, about, since) => {
      if (!options.anybody) expect([by, about, since]).toEqual(['U0DANA', 'REQ-1', 7]);
      return options.hasActed ?? false;
    },
    teamIds: ['T0ACME'],
    ...(options.appId === undefined ? {} : { appId: options.appId }),
    replies: {
      privately: async (place, message) => void told.push({ place, message }),
      replace: async () => false,
      toChannel: async () => false,
    },
    trail: keepingTrail(logged, { reference: () => 'ref12345' }),
    log: collectingLog(logged),
  });
  return { ingress, told, logged, seen, kept, lapsed };
}

const command = (more: Record<string, unknown> = {}) => ({
  command: '/env',
  text: '',
  user_id: 'U0DANA',
  channel_id: 'C0GENERAL',
  team_id: 'T0ACME',
  api_app_id: 'A0GREENLIGHT',
  trigger_id: 't1',
  ...more,
});
const click = (more: Record<string, unknown> = {}) => ({
  type: 'block_actions',
  user: { id: 'U0DANA' },
  team: { id: 'T0ACME' },
  channel: { id: 'C0GENERAL' },
  trigger_id: 't2',
  actions: [{ action_id: 'unheard.of', action_ts: '1.1' }],
  ...more,
});
const submission = (more: Record<string, unknown> = {}) => ({
  type: 'view_submission',
  view: { id: 'V1' },
  user: { id: 'U0DANA' },
  team: { id: 'T0ACME' },
  trigger_id: 'x',
  ...more,
});
const refusal = messageView(
  'Not taken',
  problemMessage({ sentence: 'No more of them.', next: 'Ask.' }, 'ref00001').blocks,
);

function delivery(body: Record<string, unknown>, envelopeId?: string) {
  const acks: unknown[] = [];
  const one: Delivery = {
    body,
    ack: async (response) => void acks.push(response),
    ...(envelopeId === undefined ? {} : { customProperties: { envelopeId } }),
  };
  return { one, acks };
}

/** A click that is kept. */
const yes = (more: Record<string, unknown> = {}) =>
  click({ actions: [{ action_id: 'card.approve', action_ts: '1.1', value: 'REQ-1:2:abc' }], ...more });

const lapsedNow = { at: 7, times: 1, isLate: false };

/** As a process has left it that died over it. */
async function keptOf(body: Record<string, unknown>) {
  const died = gate();
  void died.ingress.run(delivery(body).one, () => new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(1);
  const [[key, click] = ['', '']] = died.kept;
  return { ...lapsedNow, key, click };
}

const acked = async ({ ack }: Delivery) => ack();

/** Handles all but one at once, in the order of `began`; that one when `work` is done. */
function standingOver(triggerId: string) {
  const work = Promise.withResolvers<void>();
  const began: unknown[] = [];
  const handle = async ({ ack, body }: Delivery) => {
    began.push(body.trigger_id);
    await ack();
    if (body.trigger_id === triggerId) await work.promise;
  };
  return { work, began, handle };
}

describe('the ingress', () => {
  test('a payload that comes twice is handled once, and acknowledged twice', async () => {
    const { ingress } = gate();
    const handle = vi.fn(acked);
    const first = delivery(command(), 'e1');
    const again = delivery(command(), 'e2');
    await Promise.all([ingress.run(first.one, handle), ingress.run(again.one, handle)]);
    expect(handle).toHaveBeenCalledTimes(1);
    expect([first.acks, again.acks]).toEqual([[undefined], [undefined]]);
  });

  test('what is in hand and comes again is acknowledged as the first is, and not before', async () => {
    const { ingress } = gate();
    const written = Promise.withResolvers<void>();
    const [first, again] = [delivery(command()), delivery(command())];
    const running = ingress.run(first.one, ({ ack }) => written.promise.then(() => ack('REQ-1')));
    const repeated = ingress.run(again.one, acked);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([first.acks, again.acks]).toEqual([[], []]);
    written.resolve();
    await Promise.all([running, repeated]);
    expect([first.acks, again.acks]).toEqual([['REQ-1'], ['REQ-1']]);
  });

  test('a command that was handled before is handled again, and its handler is told so', async () => {
    const { ingress } = gate();
    const handle = vi.fn(acked);
    await ingress.run(delivery(command()).one, handle);
    await ingress.run(delivery(command()).one, handle);
    const handled = handle.mock.calls.map(([{ customProperties }]) => customProperties?.wasHandled);
    expect(handled).toEqual([false, true]);
  });

  test.each([
    ['a command', command()],
    ['a click that only looks', click()],
    ['an event', { type: 'event_callback', team_id: 'T0ACME', event_id: 'Ev1', event: { type: 'x' } }],
  ])('%s that a process died over is handled when it comes again', async (_what, body) => {
    const { ingress, seen } = gate();
    const died = delivery(body);
    void ingress.run(died.one, () => new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(died.acks).toEqual([]);
    expect([...seen]).toEqual([]);

    const next = gate();
    const handle = vi.fn(acked);
    await next.ingress.run(delivery(body).one, handle);
    const [wasHandled] = handle.mock.calls.map(([{ customProperties }]) => customProperties?.wasHandled);
    expect(wasHandled).toBe(false);
    expect(next.seen.size).toBe(1);
  });

  test('a yes is acknowledged once it is kept, and handled after that', async () => {
    const { ingress, kept, seen } = gate();
    const { one, acks } = delivery(yes());
    let handledWith: unknown;
    const running = ingress.run(one, async ({ ack }) => {
      handledWith = [acks.length, ...kept.keys()];
      await ack();
    });
    expect(acks).toEqual([]);
    await running;
    expect(handledWith).toEqual([1, 'trigger t2']);
    expect([acks.length, kept.size, [...seen]]).toEqual([1, 0, ['trigger t2']]);
  });

  test('what one person clicks on one request is done in that order, and holds up nothing else', async () => {
    const { ingress } = gate();
    const { work, began, handle } = standingOver('yes');
    const of = (more: Record<string, unknown>) => delivery(yes(more));
    const action = { action_id: 'card.approve', action_ts: '1.1', value: 'REQ-2:2:abc' };
    const all = [
      of({ trigger_id: 'yes' }),
      of({ trigger_id: 'taken back' }),
      of({ trigger_id: 'of Sam', user: { id: 'U0SAM' } }),
      of({ trigger_id: 'of another', actions: [action] }),
    ];
    const running = all.map(({ one }) => ingress.run(one, handle));
    await vi.advanceTimersByTimeAsync(1);
    expect(began).toEqual(['yes', 'of Sam', 'of another']);
    expect(all.map(({ acks }) => acks.length)).toEqual([1, 1, 1, 1]);
    work.resolve();
    await Promise.all(running);
    expect(began.at(-1)).toBe('taken back');
  });

  test('a click that has lapsed while it waited for its turn is not acted on, and its giver is asked to look', async () => {
    const { ingress, lapsed, told } = gate();
    const work = Promise.withResolvers<void>();
    const handle = vi.fn(({ ack }: Delivery) => ack().then(() => work.promise));
    const running = ['t2', 't3'].map((trigger_id) => ingress.run(delivery(yes({ trigger_id })).one, handle));
    await vi.advanceTimersByTimeAsync(1);
    lapsed.add('trigger t3');
    work.resolve();
    await Promise.all(running);
    expect(handle.mock.calls.map(([{ body }]) => body.trigger_id)).toEqual(['t2']);
    expect(JSON.stringify(told)).toContain('your click may not have counted');
  });

  test('a yes that cannot be kept is not acknowledged after a while either: Slack says that nothing came of it', async () => {
    const { ingress } = gate({ breaks: 'never answers' });
    const { one, acks } = delivery(yes());
    void ingress.run(one, acked);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(acks).toEqual([]);
  });

  test('what is kept of a click is what its handlers read, signed, and no address for an answer', async () => {
    const metadata = { event_type: 'greenlight_request', event_payload: { request_id: 'REQ-1' } };
    const whole = yes({
      ...{ response_url: 'https://hooks.slack.com/actions/secret', token: 'secret', state: { values: {} } },
      container: { type: 'message', channel_id: 'C0GENERAL', message_ts: '1.1' },
      message: { text: 'long', blocks: [], metadata },
    });
    const { key, click } = await keptOf(whole);
    expect(click).not.toContain('secret');
    expect(openClick(key, click, secret)).toEqual({
      ...yes(),
      container: { type: 'message', channel_id: 'C0GENERAL', message_ts: '1.1' },
      message: { metadata },
    });
  });

  test.each([
    ['a look', click({ actions: [{ action_id: 'card.details', value: 'REQ-1:2:abc' }] })],
    ['a change within a form', yes({ view: { id: 'V1', type: 'modal' } })],
    [
      'an entry of a menu that opens a form',
      click({ actions: [{ action_id: 'card.more', selected_option: { value: 'narrow REQ-1:2:abc' } }] }),
    ],
    ['a form', { ...yes(), type: 'view_submission', view: { id: 'V1', type: 'modal' } }],
  ])('%s is not kept', (_what, body) => expect(keptClickOf(body)).toBeUndefined());

  test('a click that a process died over is handled by the next one as it came', async () => {
    const lapsed = await keptOf(yes());
    const next = gate();
    const handle = vi.fn(acked);
    const resuming = next.ingress.resume([lapsed], handle);
    await vi.advanceTimersByTimeAsync(0);
    await resuming;
    expect(handle.mock.calls.map(([{ body }]) => body)).toEqual([yes()]);
    expect([...next.seen]).toEqual([lapsed.key]);
    expect([next.told, next.ingress.inFlight()]).toEqual([[], 0]);
  });

  test('a drain waits for it', async () => {
    const lapsed = await keptOf(yes());
    const { ingress } = gate();
    const work = Promise.withResolvers<void>();
    const resuming = ingress.resume([lapsed], ({ ack }) => ack().then(() => work.promise));
    await vi.advanceTimersByTimeAsync(0);
    expect(ingress.inFlight()).toBe(1);
    work.resolve();
    await resuming;
    expect(ingress.inFlight()).toBe(0);
  });

  test.each([
    ['whose giver has done something since', {}, { hasActed: true }],
    ['that is taken up too late', { isLate: true }, {}],
  ])('a click %s is not acted on, and its giver is asked to look', async (_what, more, options) => {
    const lapsed = { ...(await keptOf(yes())), ...more };
    const { ingress, told, seen } = gate(options);
    const handle = vi.fn(acked);
    await ingress.resume([lapsed], handle);
    expect(handle).not.toHaveBeenCalled();
    expect(JSON.stringify(told)).toContain(
      'interrupted when you clicked on REQ-1, so your click may not have counted',
    );
    expect([...seen]).toEqual([lapsed.key]);
  });

  test('nor is one that has lapsed again until its turn came', async () => {
    const found = await keptOf(yes());
    const { ingress, told, lapsed } = gate();
    lapsed.add(found.key);
    const handle = vi.fn(acked);
    await ingress.resume([found], handle);
    expect(handle).not.toHaveBeenCalled();
    expect(told).toHaveLength(1);
  });

  test('two clicks of one person on one request are not acted on: which they meant last nobody knows', async () => {
    const lapsed = [await keptOf(yes()), await keptOf(yes({ trigger_id: 't3' }))];
    const others = await keptOf(yes({ trigger_id: 't4', user: { id: 'U0SAM' } }));
    const action = { action_id: 'card.approve', action_ts: '1.1', value: 'REQ-2:2:abc' };
    const another = await keptOf(yes({ trigger_id: 't5', actions: [action] }));
    const { ingress, told } = gate({ anybody: true });
    const handle = vi.fn(acked);
    await ingress.resume([...lapsed, others, another], handle);
    expect(handle.mock.calls.map(([{ body }]) => body.trigger_id)).toEqual(['t4', 't5']);
    expect(told).toHaveLength(2);
  });

  test('one that is carried out late is done before what its giver clicks then', async () => {
    const lapsed = await keptOf(yes());
    const { ingress } = gate();
    const { work, began, handle } = standingOver('t2');
    const takingBack = click({
      trigger_id: 'taken back',
      actions: [{ action_id: 'card.more', selected_option: { value: 'withdraw REQ-1:2:abc' } }],
    });
    const running = [ingress.resume([lapsed], handle)];
    await vi.advanceTimersByTimeAsync(1);
    running.push(ingress.run(delivery(takingBack).one, handle));
    await vi.advanceTimersByTimeAsync(1);
    expect(began).toEqual(['t2']);
    work.resolve();
    await Promise.all(running);
    expect(began).toEqual(['t2', 'taken back']);
  });

  test('a click that is still in hand is not taken up', async () => {
    const { ingress, kept } = gate();
    void ingress.run(delivery(yes()).one, ({ ack }) => ack().then(() => new Promise(() => {})));
    await vi.advanceTimersByTimeAsync(1);
    const handle = vi.fn(acked);
    for (const [key, one] of kept) await ingress.resume([{ ...lapsedNow, key, click: one }], handle);
    expect(handle).not.toHaveBeenCalled();
  });

  test.each([
    ['of another key', (one: string) => ({ key: 'trigger other', click: one })],
    ['that was written by hand', (one: string) => ({ click: one.replace('U0DANA', 'U0LEE') })],
    ['that is half a click', (one: string) => ({ click: one.slice(0, 90) })],
    ['of nothing', () => ({ click: '' })],
  ])('a kept click %s is not acted on; the operator is told, once', async (_what, change) => {
    const lapsed = await keptOf(yes());
    const forged = { ...lapsed, ...change(lapsed.click) };
    const { ingress, logged, seen } = gate();
    const handle = vi.fn(acked);
    await ingress.resume([forged], handle);
    expect(handle).not.toHaveBeenCalled();
    expect(logged.map(({ message }) => message)).toEqual(['a kept click could not be carried out']);
    expect([...seen]).toEqual([forged.key]);
  });

  test('what comes again while its work goes on after the acknowledgement is acknowledged, and not done twice', async () => {
    const { ingress } = gate();
    const work = Promise.withResolvers<void>();
    const handle = vi.fn(({ ack }: Delivery) => ack('REQ-1').then(() => work.promise));
    const running = ingress.run(delivery(click()).one, handle);
    await vi.advanceTimersByTimeAsync(1_000);
    const again = delivery(click());
    await ingress.run(again.one, handle);
    expect(again.acks).toHaveLength(1);
    work.resolve();
    await running;
    expect(handle).toHaveBeenCalledTimes(1);
  });

  test('that it was handled could not be kept: the person has their answer, and the log says so', async () => {
    const { ingress, logged, told } = gate({ breaks: 'told' });
    const { one, acks } = delivery(command());
    await ingress.run(one, acked);
    expect([acks, told]).toEqual([[undefined], []]);
    expect(logged).toMatchObject([
      { message: 'that a delivery was handled could not be kept', fields: { what: '/env' } },
    ]);
  });

  test.each([
    ['a click', click({ user: undefined })],
    ['a click whose user is null', click({ user: null })],
    ['a command', command({ user_id: undefined })],
    ['a form', { type: 'view_submission', team: { id: 'T0ACME' }, user: null, view: { id: 'V1' } }],
  ])('%s that names nobody is refused as such, and reaches no handler', async (_what, body) => {
    const { ingress, logged } = gate();
    const handle = vi.fn(acked);
    const { one, acks } = delivery(body);
    await ingress.run(one, handle);
    expect(handle).not.toHaveBeenCalled();
    expect(acks).toHaveLength(1);
    expect(logged.map(({ fields }) => fields.code)).toEqual(['bad_input']);
  });

  const event = (more: object) => ({ type: 'event_callback', team_id: 'T0ACME', event_id: 'Ev7', ...more });
  test.each([
    ['an account that no id can name', click({ user: { id: 'U'.repeat(65) } })],
    ['a form without a form', click({ type: 'view_submission', view: undefined })],
    ['a form that was closed, without a form', click({ type: 'view_closed', view: null })],
    ['a click in no channel at all', click({ channel: null })],
    ['an event without an event', event({})],
    ['an event of null', event({ event: { type: 'user_change', user: null } })],
    ['an event of a number', event({ event: { type: 'app_home_opened', user: 7 } })],
    ['an event in a number', event({ event: { type: 'channel_shared', channel: 0.1 } })],
  ])('%s is no fault of ours: it is refused before any handler', async (_what, body) => {
    const { ingress, logged } = gate();
    const handle = vi.fn(acked);
    await ingress.run(delivery(body).one, handle);
    expect(handle).not.toHaveBeenCalled();
    expect(logged.map(({ fields }) => fields.code)).toEqual(['not_a_member']);
  });

  test.each([
    [
      'an event by its id',
      { type: 'event_callback', team_id: 'T0ACME', event_id: 'Ev1', event: { type: 'x' } },
    ],
    ['a click by who and when', click({ trigger_id: undefined })],
    ['a shortcut by its trigger', click({ type: 'shortcut' })],
  ])('knows %s', async (_what, body) => {
    const { ingress } = gate();
    const handle = vi.fn(acked);
    await ingress.run(delivery(body).one, handle);
    await ingress.run(delivery(body).one, handle);
    expect(handle).toHaveBeenCalledTimes(1);
  });

  test('two honest submissions of one form are two, and options are asked for as often as they are', async () => {
    const { ingress } = gate();
    const handle = vi.fn(acked);
    await ingress.run(delivery(submission({ trigger_id: 'a' })).one, handle);
    await ingress.run(delivery(submission({ trigger_id: 'b' })).one, handle);
    const options = { type: 'block_suggestion', user: { id: 'U0DANA' }, team: { id: 'T0ACME' } };
    await ingress.run(delivery(options).one, handle);
    await ingress.run(delivery(options).one, handle);
    expect(handle).toHaveBeenCalledTimes(4);
  });

  test('a form that comes again, as its answer got lost, is told again what is wrong with it', async () => {
    const { ingress } = gate();
    const errors = { response_action: 'errors', errors: { name: 'That name is taken.' } };
    const handle = vi.fn(async ({ ack }: Delivery) => ack(errors));
    const [first, second] = [delivery(submission()), delivery(submission())];
    await ingress.run(first.one, handle);
    await ingress.run(second.one, handle);
    expect([...first.acks, ...second.acks]).toEqual([errors, errors]);
    expect(handle).toHaveBeenCalledOnce();
  });

  test('a form that was taken closes when it comes again, and of those that were not the newest are remembered', async () => {
    const { ingress } = gate();
    const handle = async ({ ack, body }: Delivery) => ack(body.trigger_id === 'taken' ? undefined : 'wrong');
    const send = async (trigger_id: string) => {
      const { one, acks } = delivery(submission({ trigger_id }));
      await ingress.run(one, handle);
      return acks;
    };
    const triggers = ['taken', ...Array.from({ length: 101 }, (_, index) => `t${index}`)];
    for (const trigger of triggers) await send(trigger);
    expect(await send('taken')).toEqual([undefined]);
    expect(await send('t0')).toEqual([undefined]);
    expect(await send('t1')).toEqual(['wrong']);
  });

  test('what a command answers after the fallback, or when its answer got lost, is said privately', async () => {
    const { ingress, told } = gate();
    const answer = { response_type: 'ephemeral', text: 'REQ-1 waits.' };
    const slow = delivery(command());
    let finish = () => {};
    const running = ingress.run(slow.one, async ({ ack }) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      await ack(answer);
    });
    await vi.advanceTimersByTimeAsync(fallbackAckMs);
    finish();
    await running;
    const torn = {
      ...delivery(command({ trigger_id: 't9' })).one,
      ack: (_answer: unknown) => Promise.reject(new Error('the socket is gone')),
    };
    await ingress.run(torn, async ({ ack }) => ack(answer));
    expect(told.map(({ message }) => message.text)).toEqual(['REQ-1 waits.', 'REQ-1 waits.']);
    expect(slow.acks).toHaveLength(1);
  });

  test('a command that takes too long is acknowledged before Slack gives up, and only once', async () => {
    const { ingress } = gate();
    const { one, acks } = delivery(command());
    let finish = () => {};
    const running = ingress.run(one, async ({ ack }) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      await ack();
    });
    await vi.advanceTimersByTimeAsync(fallbackAckMs);
    expect(acks).toMatchObject([
      { response_type: 'ephemeral', text: expect.stringContaining('Working on it') },
    ]);
    finish();
    await running;
    expect(acks).toHaveLength(1);
  });

  test('the errors of a form that was closed by the fallback are told privately', async () => {
    const { ingress, told } = gate();
    const { one } = delivery(submission());
    const running = ingress.run(one, async ({ ack }) => {
      await new Promise((resolve) => setTimeout(resolve, fallbackAckMs + 1));
      await ack({ response_action: 'errors', errors: { name: 'That name is taken.' } });
    });
    await vi.advanceTimersByTimeAsync(fallbackAckMs + 1);
    await running;
    expect(told[0]?.message.text).toContain('That name is taken.');
  });

  test.each([
    ['refusal', refusal, 'No more of them.', 'ref00001'],
    ['good news', messageView('Second factor', [section('It is set up.')]), 'It is set up.', ''],
    ['next page', { ...refusal, submit: plain('Next') }, 'Nothing was asked for.', 'ref12345'],
  ])(
    'the %s that a form was to show when it was closed by the fallback is told privately',
    async (...row) => {
      const [, view, words, reference] = row;
      const { ingress, told, logged } = gate();
      const { one, acks } = delivery(submission());
      const running = ingress.run(one, async ({ ack }) => {
        await new Promise((resolve) => setTimeout(resolve, fallbackAckMs + 1));
        await ack({ response_action: 'push', view });
      });
      await vi.advanceTimersByTimeAsync(fallbackAckMs + 1);
      await running;
      expect(acks).toEqual([undefined]);
      expect(told).toMatchObject([
        { place: { user: 'U0DANA' }, message: { text: expect.stringContaining(words) } },
      ]);
      expect(JSON.stringify(told)).toContain(reference);
      // A refusal is in the log when its view is made.
      expect(logged.map(({ fields }) => fields.reference)).toEqual(
        reference === 'ref12345' ? [reference] : [],
      );
    },
  );

  test('who sends a form is looked up, or not, before the fallback closes it', () => {
    expect(interactiveTimeoutMs).toBeLessThanOrEqual(fallbackAckMs - 500);
  });

  test('a listener that throws before its ack still answers, with a reference that the log has too', async () => {
    const { ingress, logged } = gate();
    const { one, acks } = delivery(command());
    await ingress.run(one, async () => {
      throw new Error('secret cause');
    });
    expect(acks).toMatchObject([{ response_type: 'ephemeral' }]);
    expect(JSON.stringify(acks)).toContain('ref12345');
    expect(JSON.stringify(acks)).not.toContain('secret cause');
    expect(logged[0]?.fields).toMatchObject({ reference: 'ref12345', detail: 'Error: secret cause' });
  });

  test('a listener that throws after its ack tells the person all the same', async () => {
    const { ingress, told } = gate();
    await ingress.run(delivery(command()).one, async ({ ack }) => {
      await ack();
      throw new Error('late');
    });
    expect(told).toMatchObject([{ place: { user: 'U0DANA', channel: 'C0GENERAL' } }]);
  });

  test('a payload that nobody knows is acknowledged and answered', async () => {
    const { ingress, told } = gate();
    const { one, acks } = delivery(click());
    await ingress.run(one, async () => {});
    expect(acks).toEqual([undefined]);
    expect(told[0]?.message.text).toContain('is not known here');
  });

  test('a select that nobody serves gets an empty list', async () => {
    const { ingress } = gate();
    const { one, acks } = delivery({
      type: 'block_suggestion',
      user: { id: 'U0DANA' },
      team: { id: 'T0ACME' },
    });
    await ingress.run(one, async () => {});
    expect(acks).toEqual([{ options: [] }]);
  });

  test.each([
    ['another workspace', command({ team_id: 'T0EVIL' })],
    ['no workspace at all', command({ team_id: undefined })],
    ['another app', command({ api_app_id: 'A0EVIL' })],
    ['a body that is no payload', { user: 7 }],
    ['a select of no name', command({ action_id: { 7: 'form.field.team' } })],
    ['a block of no name', command({ block_id: {} })],
    ['a shortcut of no name', command({ callback_id: 7 })],
    ['a part of no name', command({ actions: [{ action_id: 'card.approve', block_id: 7 }] })],
    ['a form of no name', command({ view: { id: 'V1', callback_id: 7 } })],
  ])('%s is refused before any listener', async (_what, body) => {
    const { ingress } = gate({ appId: 'A0GREENLIGHT' });
    const handle = vi.fn(acked);
    const { one, acks } = delivery(body);
    await ingress.run(one, handle);
    expect(handle).not.toHaveBeenCalled();
    expect(acks).toHaveLength(1);
  });

  test('when the memory of deliveries fails nothing is handled, and the person is told', async () => {
    const { ingress } = gate({ breaks: 'asked' });
    const handle = vi.fn(acked);
    const { one, acks } = delivery(command());
    await ingress.run(one, handle);
    expect(handle).not.toHaveBeenCalled();
    expect(JSON.stringify(acks)).toContain('Something went wrong');
    expect(JSON.stringify(acks)).not.toContain('secrets');
  });

  test('an ack that does not get through does not stop the work', async () => {
    const { ingress, logged } = gate();
    let isDone = false;
    await ingress.run(
      { body: command(), ack: () => Promise.reject(new Error('socket gone')) },
      async ({ ack }) => {
        await ack();
        isDone = true;
      },
    );
    expect(isDone).toBe(true);
    expect(logged[0]?.message).toContain('did not get through');
  });

  test('drain waits for what is in flight, and no longer than it may', async () => {
    const { ingress } = gate();
    let finish = () => {};
    const running = ingress.run(delivery(command()).one, async ({ ack }) => {
      await ack();
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    expect(ingress.inFlight()).toBe(1);
    const early = ingress.drain(1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await early).toBe(false);
    const patient = ingress.drain(10_000);
    finish();
    await running;
    expect(await patient).toBe(true);
    expect(ingress.inFlight()).toBe(0);
  });

  test('what nobody waits for gives way to a rush until it is over, and not for long', async () => {
    const { ingress } = gate();
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    const come = () => ingress.run(delivery(command()).one, ({ ack }) => ack().then(() => over));
    const few = Array.from({ length: 7 }, come);
    await ingress.giveWay();

    const rush = [...few, come()];
    const begun: string[] = [];
    const first = ingress.giveWay().then(() => begun.push('during it'));
    await vi.advanceTimersByTimeAsync(200);
    expect(begun).toEqual([]);
    await vi.advanceTimersByTimeAsync(50);
    await first;
    const second = ingress.giveWay().then(() => begun.push('after it'));
    end();
    await Promise.all([...rush, second]);
    expect(begun).toEqual(['during it', 'after it']);
  });
});

describe.each(['socket', 'http'] as const)('over %s', (mode) => {
  beforeEach(() => void vi.useRealTimers());

  test('a button of no card is answered privately instead of hanging', async () => {
    const { sandbox, slack } = await world({}, mode);
    await slack.app.client.chat.postMessage({
      channel: 'C0GENERAL',
      text: 'old',
      blocks: [
        {
          type: 'actions',
          elements: [{ type: 'button', action_id: 'gone', text: { type: 'plain_text', text: 'Old button' } }],
        },
      ],
    });
    const dana = sandbox.as('U0DANA');
    await dana.click('Old button', { in: await dana.sees('Old button', { in: '#general' }) });
    await dana.sees('is not known here', { ephemeral: true });
  });

  test('whoever stops what nobody follows any more is told so', async () => {
    const { sandbox, slack } = await world({}, mode);
    const text = { type: 'plain_text', text: 'Stop' } as const;
    await slack.app.client.chat.postMessage({
      channel: 'C0GENERAL',
      text: 'Followed until 10:00',
      blocks: [
        { type: 'actions', elements: [{ type: 'button', action_id: 'watch.stop', value: 'gone', text }] },
      ],
    });
    const dana = sandbox.as('U0DANA');
    await dana.click('Stop', { in: await dana.sees('Stop', { in: '#general' }) });
    await dana.sees('Nobody follows this any more', { ephemeral: true });
  });

  test('a listener that throws leaves nobody without an answer', async () => {
    const { sandbox, slack, logged } = await world({}, mode);
    slack.app.action('broken', async ({ ack }) => {
      await ack();
      throw new Error('a cause that nobody may read');
    });
    await slack.app.client.chat.postMessage({
      channel: 'C0GENERAL',
      text: 'broken',
      blocks: [
        {
          type: 'actions',
          elements: [{ type: 'button', action_id: 'broken', text: { type: 'plain_text', text: 'Broken' } }],
        },
      ],
    });
    const dana = sandbox.as('U0DANA');
    await dana.click('Broken', { in: await dana.sees('Broken', { in: '#general' }) });
    const line = await dana.sees('Something went wrong on our side', { ephemeral: true });
    expect(JSON.stringify(line)).not.toContain('nobody may read');
    expect(logged.some((one) => String(one.fields.detail).includes('nobody may read'))).toBe(true);
  });

  test('a duplicated delivery is one request', async () => {
    const { sandbox, desk } = await world({}, mode);
    await sandbox.breakOn({ box: 'slack', operation: 'envelope:*', fault: { kind: 'duplicate' } });
    const dana = sandbox.as('U0DANA');
    await dana.command('#general', '/env create checkout-pr-12');
    await dana.sees('REQ-1', { in: '#general', ephemeral: true });
    expect(desk.asked).toHaveLength(1);
  });
});
