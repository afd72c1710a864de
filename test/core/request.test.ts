import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Outputs } from '../../src/core/action.ts';
import { advance, type RequestCommand } from '../../src/core/advance.ts';
import type { Advance } from '../../src/core/advance-result.ts';
import { evaluateGraceMs, holdRetryMs } from '../../src/core/evaluated.ts';
import { apply, fold } from '../../src/core/fold.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import { type Problem, problem } from '../../src/core/problem.ts';
import { endedStatuses, isEnded, type PlatformRequest, type RequestEvent } from '../../src/core/request.ts';
import type { Quorum } from '../../src/core/verdict.ts';
import {
  dana,
  evaluated,
  lee,
  plan,
  preview,
  requestAfter,
  requested,
  requirement,
  review,
  sam,
  verdict,
  waiting,
} from './requests.ts';

const broken: Problem = problem('step_failed', 'It broke.', 'Look.');
const nothing: Outputs = { links: [], notes: [] };
const living: Outputs = {
  ...nothing,
  environment: {
    name: 'e',
    blueprint: 'b',
    team: 't',
    cluster: 'c',
    namespace: 'n',
    requestId: requestIdOf(12),
    url: 'u',
    expiresAt: 90_000,
  },
};
const quorum = (state: Quorum['state']): Quorum => ({ state, parts: [] });

/** The request after these commands, each at one second later; fails when one is refused. */
function after(request: PlatformRequest, ...commands: RequestCommand[]): PlatformRequest {
  return commands.reduce((current, command) => {
    const advanced = advance(current, command, current.updatedAt + 1_000);
    if (!advanced.ok) throw new Error(advanced.problem.sentence);
    return advanced.events.reduce(apply, current);
  }, request);
}

function codeOf(advanced: Advance): string {
  return advanced.ok ? 'accepted' : advanced.problem.code;
}

const judge = (
  outcome: Parameters<typeof verdict>[0],
  more: Partial<Extract<RequestCommand, { type: 'judge' }>> = {},
): RequestCommand => ({
  type: 'judge',
  verdict: verdict(outcome),
  preview,
  target: waiting.target,
  digest: 'd1',
  plan,
  moved: [],
  quorum: undefined,
  ...more,
});
const say = (who = sam, state: Quorum['state'] = 'open', digest = 'd1'): RequestCommand => ({
  type: 'review',
  reviewer: who,
  review: review(who, { digest, decision: state === 'lost' ? 'deny' : 'approve' }),
  quorum: quorum(state),
});
const done = (step: string): RequestCommand => ({ type: 'report_step', step, outcome: { state: 'done' } });

const submitted = requestAfter();
const approved = after(submitted, judge('allow'));
const running = after(approved, { type: 'start', plan });
const undoing = after(running, {
  type: 'undo',
  cause: { kind: 'failed', step: 'workload', problem: broken },
});
const succeeded = after(running, { type: 'succeed', outputs: living });
/** It lives from 4 s to 90 s: its end is announced at 68.5 s. */
const announceAt = 68_500;
const ending = apply(succeeded, { type: 'end_announced', at: announceAt, end: 90_000 });
const extendTo = (until: number, by = 20, from = 90_000): RequestCommand => ({
  type: 'change_life',
  by: requestIdOf(by),
  isUse: true,
  change: { type: 'extended', from, until },
});
const retireBy = (by: number): RequestCommand => ({
  type: 'change_life',
  by: requestIdOf(by),
  isUse: true,
  change: { type: 'retired' },
});

test('what it is about by the newest judgement is what it is about, written only where that is something else', () => {
  const target = { ...submitted.target, team: 'payments' };
  expect(after(submitted, judge('allow', { target })).target).toEqual(target);
  const same = advance(submitted, judge('allow', { target: { ...submitted.target } }), 5);
  expect(same).toMatchObject({ events: [expect.not.objectContaining({ target: expect.anything() }), {}] });
});

test('a request begins with what was asked, to be evaluated soon', () => {
  expect(submitted).toMatchObject({
    status: 'submitted',
    version: 1,
    createdAt: 1_000,
    dueAt: 1_000 + evaluateGraceMs,
  });
  expect(() => fold([])).toThrow('begins with');
  expect(() => fold([evaluated('allow')])).toThrow('begins with');
  expect(() => fold([requested, requested])).toThrow('requested already');
});

test('the guardrails let it run, hold it, let it wait or end it', () => {
  expect(approved).toMatchObject({
    status: 'approved',
    approvedBecause: 'policy',
    dueAt: 2_000,
    steps: [{ state: 'pending' }, {}],
  });
  expect(after(submitted, judge('deny'))).toMatchObject({ status: 'denied', deniedBy: 'policy' });
  expect(after(submitted, judge('require_approval'))).toMatchObject({
    status: 'waiting',
    answerBy: 62_000,
    dueAt: 2_000,
    asking: { since: 2_000, rounds: [], escalated: [] },
  });
  expect(
    after(submitted, judge('hold', { verdict: verdict('hold', { hold: { window: 'w', until: 70_000 } }) })),
  ).toMatchObject({ status: 'held', dueAt: 70_000 });
  expect(after(submitted, judge('hold'))).toMatchObject({ status: 'held', dueAt: 2_000 + holdRetryMs });
});

test('the shortest time to answer counts, and being evaluated again does not lengthen it', () => {
  const requirements = [requirement({ expiresAfterMs: 9_000 }), requirement({ expiresAfterMs: 5_000 })];
  const first = after(
    submitted,
    judge('require_approval', { verdict: verdict('require_approval', { requirements }) }),
  );
  expect(first.answerBy).toBe(7_000);
  expect(after(first, judge('require_approval')).answerBy).toBe(7_000);
  expect(after(first, judge('require_approval', { digest: 'd2' })).answerBy).toBe(63_000);
});

test('reviews are kept, and decide when they meet or lose the quorum', () => {
  expect(after(waiting, say())).toMatchObject({ status: 'waiting', reviews: [{ name: 'sam' }] });
  expect(after(waiting, say(), say(lee, 'met'))).toMatchObject({
    status: 'approved',
    approvedBecause: 'quorum',
  });
  expect(after(waiting, say(sam, 'lost'))).toMatchObject({ status: 'denied', deniedBy: 'reviewer' });
});

test('what moved makes the reviews void, and an old quorum does not approve it', () => {
  const moved = after(
    waiting,
    say(),
    judge('require_approval', { digest: 'd2', moved: ['the version'], quorum: quorum('met') }),
  );
  expect(moved).toMatchObject({ status: 'waiting', reviews: [], moves: 1, digest: 'd2' });
  expect(after(waiting, judge('require_approval', { quorum: quorum('met') })).status).toBe('approved');
});

test.each([
  ['a review when nobody was asked', submitted, say(), 'not_waiting'],
  ["the requester's own review", waiting, say(dana, 'met'), 'own_request'],
  ['a review of what it no longer is', waiting, say(sam, 'met', 'd0'), 'out_of_date'],
  ['a review after the end', succeeded, say(), 'already_ended'],
  ["somebody else's cancel", waiting, { type: 'cancel', by: sam }, 'not_yours'],
  ['a cancel while it is taken back', undoing, { type: 'cancel', by: dana }, 'too_late_to_cancel'],
  [
    'a cancel when all is done, and only its end is to be written',
    after(running, done('namespace'), done('workload')),
    { type: 'cancel', by: dana },
    'too_late_to_cancel',
  ],
  ['a cancel after the end', succeeded, { type: 'cancel', by: dana }, 'already_ended'],
  ['a start without approval', waiting, { type: 'start', plan }, 'conflict'],
  ['a judgement while it runs', running, judge('deny'), 'conflict'],
  ['a step before it runs', approved, { type: 'begin_step', step: 'namespace' }, 'conflict'],
] as const)('%s is refused', (_what, request, command, code) => {
  expect(codeOf(advance(request, command, 99_000))).toBe(code);
});

test('it expires when the time to answer is over, not before', () => {
  expect(advance(waiting, { type: 'expire' }, 61_999)).toEqual({ ok: true, events: [] });
  expect(advance(waiting, { type: 'expire' }, 62_000)).toMatchObject({ events: [{ type: 'expired' }] });
  const { answerBy: _answerBy, ...endless } = waiting;
  expect(advance(endless, { type: 'expire' }, 99_000)).toEqual({ ok: true, events: [] });
  expect(apply(waiting, { type: 'expired', at: 62_000 })).toMatchObject({
    status: 'expired',
    endedAt: 62_000,
  });
});

test('a step remembers what became of it', () => {
  const begun = after(running, { type: 'begin_step', step: 'namespace' });
  expect(begun.steps[0]).toMatchObject({ state: 'running', attempts: 1, startedAt: 4_000 });
  const parked = after(begun, {
    type: 'report_step',
    step: 'namespace',
    outcome: { state: 'waiting', note: 'soon', againInMs: 500, progress: ['build: passed'] },
  });
  expect(parked).toMatchObject({ dueAt: 5_500, steps: [{ note: 'soon', progress: ['build: passed'] }, {}] });
  const quiet = after(begun, {
    type: 'report_step',
    step: 'namespace',
    outcome: { state: 'waiting', note: 'soon', againInMs: 500 },
  });
  expect(quiet.steps[0]?.progress).toEqual([]);
  const retried = after(
    parked,
    { type: 'retry_step', step: 'namespace', problem: broken, until: 8_000 },
    { type: 'begin_step', step: 'namespace' },
  );
  expect(begun.steps[0]).not.toHaveProperty('attemptedAt');
  expect(retried.steps[0]).toMatchObject({
    ...{ note: 'It broke.', attempts: 2 },
    ...{ startedAt: 4_000, attemptedAt: retried.dueAt },
  });
  const finished = after(
    retried,
    {
      type: 'report_step',
      step: 'namespace',
      outcome: { state: 'done', result: { uid: '1' }, note: 'made' },
    },
    done('workload'),
  );
  expect(finished.steps).toMatchObject([
    { state: 'done', result: { uid: '1' }, note: 'made' },
    { state: 'done' },
  ]);
  expect(finished.steps[1]).not.toHaveProperty('note');
});

test('a step that is left alone for long leaves its request due for those beside it', () => {
  const beside = after(approved, {
    type: 'start',
    plan: ['left', 'right'].map((id) => ({ id, title: id, needs: [] })),
  });
  const retry = (step: string, until: number): RequestCommand => ({
    ...{ type: 'retry_step', step, problem: broken, until },
  });
  const one = after(beside, retry('left', 900_000));
  expect(one.dueAt).toBe(one.updatedAt);
  expect(after(one, retry('right', 9_000)).dueAt).toBe(9_000);
  expect(after(one, done('right'), retry('left', 950_000)).dueAt).toBe(950_000);
});

test('an undo remembers since when it waits, whatever it says meanwhile', () => {
  const wait = (note: string): RequestCommand => ({
    ...{ type: 'report_undo', step: 'namespace', outcome: { state: 'waiting', note, againInMs: 500 } },
  });
  const begun = after(undoing, { type: 'begin_undo', step: 'namespace' });
  expect(begun.steps[0]).not.toHaveProperty('waitingSince');
  const waits = after(begun, wait('its Pods go'));
  expect(after(waits, wait('its volume goes')).steps[0]).toMatchObject({ waitingSince: waits.updatedAt });
});

test('time in which nothing can be tried is not counted as waiting, nor time that was asked for as trying', () => {
  const wait: RequestCommand = {
    ...{ type: 'report_step', step: 'namespace' },
    outcome: { state: 'waiting', note: 'soon', againInMs: 500 },
  };
  const retry = (until: number, problem = broken): RequestCommand => ({
    ...{ type: 'retry_step', step: 'namespace', problem, until },
  });
  const waits = after(running, wait);
  const away = after(waits, retry(waits.updatedAt + 6_000), retry(waits.updatedAt + 9_000));
  expect(away.steps[0]).toMatchObject({
    ...{ waitingSince: waits.updatedAt + 5_000 + 7_000, retryingSince: waits.updatedAt + 1_000 },
  });
  const back = after(away, wait);
  expect(back.steps[0]).toMatchObject({ waitingSince: away.steps[0]?.waitingSince });
  expect(back.steps[0]).not.toHaveProperty('retryingSince');
  const limited = after(waits, retry(900_000, { ...broken, retryAfterMs: 890_000 }));
  expect(limited.steps[0]).toMatchObject({ retryingSince: 900_000 });
});

test('what is taken back is tried again in its own time, and no longer as if it were still being done', () => {
  const retry = { step: 'namespace', problem: broken, until: 900_000 } as const;
  expect(codeOf(advance(running, { type: 'retry_undo', ...retry }, 1))).toBe('conflict');
  expect(codeOf(advance(undoing, { type: 'retry_step', ...retry }, 1))).toBe('conflict');
  const begun = after(running, { type: 'retry_step', ...retry }, { type: 'cancel', by: dana });
  const taken = after(begun, { type: 'begin_undo', step: 'namespace' });
  for (const forgotten of ['retryingSince', 'retryAt', 'waitingSince'])
    expect(taken.steps[0]).not.toHaveProperty(forgotten);
  expect(after(taken, { type: 'retry_undo', ...retry })).toMatchObject({
    ...{ dueAt: 900_000, steps: [{ state: 'undoing', note: 'It broke.' }, {}] },
  });
});

test('an environment is due when its time is over, until something takes it away', () => {
  expect(after(running, { type: 'succeed', outputs: nothing }).dueAt).toBeUndefined();
  expect(after(ending, retireBy(13)).dueAt).toBeUndefined();
  const retired = after(succeeded, retireBy(13));
  expect(retired).toMatchObject({ status: 'succeeded', retiredBy: 'REQ-13' });
  expect(retired.dueAt).toBeUndefined();
  expect(advance(retired, retireBy(14), 1)).toEqual({ ok: true, events: [] });
});

test('the end of an environment is announced once, in time and not before, and not when it has come', () => {
  const announce = (request: PlatformRequest, now: number) => advance(request, { type: 'announce_end' }, now);
  expect(succeeded.dueAt).toBe(announceAt);
  expect(announce(succeeded, announceAt - 1)).toEqual({ ok: true, events: [] });
  expect(announce(succeeded, announceAt)).toMatchObject({ events: [{ type: 'end_announced', end: 90_000 }] });
  expect(announce(succeeded, 90_000)).toEqual({ ok: true, events: [] });
  expect(ending.dueAt).toBe(90_000);
  expect(announce(ending, 80_000)).toEqual({ ok: true, events: [] });
  const gone = after(ending, retireBy(13));
  expect(announce(gone, 80_000)).toEqual({ ok: true, events: [] });
  expect(announce(after(running, { type: 'succeed', outputs: nothing }), 80_000)).toMatchObject({
    events: [],
  });
  expect(codeOf(announce(running, 80_000))).toBe('conflict');
});

test('an extension moves the end, is remembered, and lets the new end be announced', () => {
  const extended = after({ ...ending, updatedAt: 79_000 }, extendTo(180_000));
  expect(extended).toMatchObject({
    status: 'succeeded',
    dueAt: 155_000,
    outputs: { environment: { expiresAt: 180_000 } },
    extensions: [{ by: 'REQ-20', at: 80_000, from: 90_000, until: 180_000 }],
  });
  const twice = after(extended, extendTo(200_000, 21, 180_000));
  expect(twice.extensions?.map(({ by }) => by)).toEqual(['REQ-20', 'REQ-21']);
  expect(advance(twice, { type: 'announce_end' }, twice.dueAt ?? 0)).toMatchObject({
    events: [{ end: 200_000 }],
  });
});

test('the same extension moves the end once, however often it is reported', () => {
  const extended = after(succeeded, extendTo(180_000));
  expect(advance(extended, extendTo(180_000), 9_000)).toEqual({ ok: true, events: [] });
  // Reported again after a crash that outlasted the environment itself.
  const gone = after(extended, retireBy(13));
  expect(advance(gone, extendTo(180_000), 999_000)).toEqual({ ok: true, events: [] });
});

test.each([
  ['whose time is over', succeeded, extendTo(180_000), 90_000, 'not_found'],
  ['that is gone', after(succeeded, retireBy(13)), extendTo(180_000), 9_000, 'not_found'],
  ['that was never there', running, extendTo(180_000), 9_000, 'not_found'],
  [
    'whose end was moved meanwhile',
    after(succeeded, extendTo(95_000)),
    extendTo(180_000, 21),
    9_000,
    'conflict',
  ],
] as const)('an environment %s is not extended', (_which, request, command, now, code) => {
  expect(codeOf(advance(request, command, now))).toBe(code);
});

test('only what made an environment can have been extended', () => {
  const extended: RequestEvent = { type: 'extended', at: 1, by: requestIdOf(20), from: 1, until: 2 };
  expect(() => apply(running, extended)).toThrow('no environment');
});

test('a failed run is taken back and says what it was', () => {
  expect(undoing.steps[1]).toMatchObject({ state: 'failed', note: 'It broke.' });
  const begun = after(undoing, { type: 'begin_undo', step: 'namespace' });
  expect(begun.steps[0]?.state).toBe('undoing');
  const parked = after(begun, {
    type: 'report_undo',
    step: 'namespace',
    outcome: { state: 'waiting', note: 'finalizers', againInMs: 500 },
  });
  expect(parked).toMatchObject({ dueAt: 6_500, steps: [{ note: 'finalizers' }, {}] });
  const undone = after(
    parked,
    { type: 'report_undo', step: 'namespace', outcome: { state: 'done' } },
    { type: 'end_undo' },
  );
  expect(undone).toMatchObject({
    status: 'failed',
    problem: broken,
    remains: [],
    steps: [{ state: 'undone' }, {}],
  });
});

test('what an undo says of itself is kept', () => {
  const said = after(
    undoing,
    { type: 'begin_undo', step: 'namespace' },
    { type: 'report_undo', step: 'namespace', outcome: { state: 'done', note: 'left at 4' } },
  );
  expect(said.steps[0]).toMatchObject({ state: 'undone', note: 'left at 4' });
});

test('a cancelled run is taken back and ends as cancelled, unless something remains', () => {
  const cancelled = after(running, { type: 'cancel', by: dana });
  expect(after(cancelled, { type: 'end_undo' })).toMatchObject({ status: 'cancelled', cancelledBy: dana });
  const stuck = after(
    cancelled,
    { type: 'begin_undo', step: 'namespace' },
    { type: 'retry_undo', step: 'namespace', problem: broken, until: 5 },
    { type: 'fail_undo', step: 'namespace', problem: broken },
    { type: 'end_undo' },
  );
  expect(stuck).toMatchObject({
    status: 'failed',
    problem: { code: 'undo_failed' },
    remains: ['Namespace'],
    steps: [{ state: 'undo_failed' }, {}],
  });
});

test('an undo whose cause is not told ends as cancelled by its requester', () => {
  const { undoCause: _cause, ...untold } = after(running, { type: 'cancel', by: dana });
  expect(after(untold, { type: 'end_undo' })).toMatchObject({ status: 'cancelled', cancelledBy: dana });
});

test('what cannot be judged is given up, but not what runs', () => {
  expect(after(waiting, { type: 'give_up', problem: broken })).toMatchObject({
    status: 'failed',
    problem: broken,
  });
  expect(codeOf(advance(running, { type: 'give_up', problem: broken }, 1))).toBe('conflict');
});

test('what waits is cancelled at once', () => {
  expect(after(waiting, { type: 'cancel', by: dana })).toMatchObject({ status: 'cancelled', endedAt: 3_000 });
});

const anyCommand: fc.Arbitrary<RequestCommand> = fc.constantFrom<RequestCommand>(
  judge('allow'),
  judge('deny'),
  judge('hold'),
  judge('require_approval'),
  judge('require_approval', { digest: 'd2', moved: ['x'] }),
  say(),
  say(lee, 'met'),
  say(sam, 'lost'),
  say(lee, 'met', 'd2'),
  { type: 'cancel', by: dana },
  { type: 'cancel', by: sam },
  { type: 'expire' },
  { type: 'start', plan },
  { type: 'begin_step', step: 'namespace' },
  done('namespace'),
  done('workload'),
  { type: 'report_step', step: 'workload', outcome: { state: 'waiting', note: 'n', againInMs: 5 } },
  { type: 'retry_step', step: 'workload', problem: broken, until: 5 },
  { type: 'undo', cause: { kind: 'failed', step: 'workload', problem: broken } },
  { type: 'begin_undo', step: 'namespace' },
  { type: 'report_undo', step: 'namespace', outcome: { state: 'done' } },
  { type: 'retry_undo', step: 'namespace', problem: broken, until: 5 },
  { type: 'fail_undo', step: 'namespace', problem: broken },
  { type: 'succeed', outputs: living },
  { type: 'end_undo' },
  { type: 'give_up', problem: broken },
  retireBy(13),
  extendTo(1_000_000),
  { type: 'announce_end' },
);

/** Every event that these commands lead to, one after the other. */
function play(commands: readonly RequestCommand[]): RequestEvent[] {
  const events: RequestEvent[] = [requested];
  for (const command of commands) {
    const advanced = advance(fold(events), command, 1_000 + events.length * 20_000);
    if (advanced.ok) events.push(...advanced.events);
  }
  return events;
}

test('folding all events is the same as going on from any snapshot', () => {
  fc.assert(
    fc.property(fc.array(anyCommand, { maxLength: 25 }), fc.nat(), (commands, at) => {
      const events = play(commands);
      const cut = 1 + (at % events.length);
      const snapshot = structuredClone(fold(events.slice(0, cut)));
      expect(events.slice(cut).reduce(apply, snapshot)).toEqual(fold(events));
      expect(fold(events).version).toBe(events.length);
    }),
    { numRuns: 300, seed: 1 },
  );
});

test('what has ended stays as it is: only an environment can still change or near its end', () => {
  fc.assert(
    fc.property(fc.array(anyCommand, { maxLength: 25 }), anyCommand, (commands, last) => {
      const request = fold(play(commands));
      if (!isEnded(request)) return;
      const advanced = advance(request, last, 9_000_000);
      // An environment may change, if there is one: that is judged by what is there, not by the status.
      if (last.type === 'change_life') return;
      const isOfALife = last.type === 'announce_end';
      if (isOfALife && request.status === 'succeeded') expect(advanced.ok).toBe(true);
      else expect(codeOf(advanced)).toBe('already_ended');
    }),
    { numRuns: 500, seed: 2 },
  );
});

test.each(endedStatuses)('a request that has %s says so when it is asked again', (status) => {
  const advanced = advance({ ...waiting, status }, { type: 'cancel', by: dana }, 1);
  expect(!advanced.ok && advanced.problem.sentence).toMatch(/^REQ-12 (has|was) \w+ already/);
});

test('an account that is no longer there cancels what waits, and nothing that runs or has ended', () => {
  const left = after(waiting, { type: 'asker_left' });
  expect(left).toMatchObject({ status: 'cancelled', cancelledBy: { kind: 'system' } });
  expect(left.cancelledBecause).toBe('deactivated');
  for (const other of [running, succeeded, undoing, left]) {
    expect(advance(other, { type: 'asker_left' }, 99_000)).toEqual({ ok: true, events: [] });
  }
});
