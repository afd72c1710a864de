/** What becomes of answers, by the core alone: who may, when, and what is left of the others. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { authorFacts, authorsOf, byStrangers } from '../../src/actions/deploy/facts.ts';
import type { ChangeAction } from '../../src/core/action.ts';
import { advance } from '../../src/core/advance.ts';
import { withKnownAuthors } from '../../src/core/authors.ts';
import { noChange } from '../../src/core/facts.ts';
import { fieldChanges } from '../../src/core/field-changes.ts';
import { apply, fold } from '../../src/core/fold.ts';
import { isAskedAlready, narrowable, narrowInput } from '../../src/core/narrow.ts';
import { ok } from '../../src/core/problem.ts';
import { refuseAnswer } from '../../src/core/refusals.ts';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import { editsMax, isAsker, type ReviewLifeCommand } from '../../src/core/review-life.ts';
import { catalog as shipped } from '../approvals/shipped.ts';
import {
  dana,
  evaluated,
  lee,
  person,
  preview,
  requestAfter,
  requested,
  requirement,
  review,
  sam,
  waiting,
} from './requests.ts';

function codeOf(request: PlatformRequest, command: ReviewLifeCommand): string {
  const advanced = advance(request, command, 9);
  return advanced.ok ? advanced.events.map(({ type }) => type).join() : advanced.problem.code;
}

const changes = [{ field: 'cpu', title: 'CPU', from: '8', to: '4' }];
const { target } = waiting;
const reviewed = (more: Parameters<typeof review>[1] = {}): RequestEvent => ({
  type: 'reviewed',
  at: 3,
  review: review(sam, more),
});
const answered = requestAfter(evaluated('require_approval'), reviewed());
const approved = requestAfter(evaluated('allow'), { type: 'approved', at: 3, because: 'policy' });
const held = requestAfter(evaluated('hold', { requirements: [requirement()] }), reviewed());
const denied = requestAfter(evaluated('require_approval'), reviewed({ decision: 'deny' }), {
  type: 'denied',
  at: 4,
  by: 'reviewer',
});

test('what lapsed is off the answers until it is given again, and forgotten with what it was about', () => {
  const lapse = (request: PlatformRequest, by = sam) => {
    const advanced = advance(request, { type: 'lapse', reviews: [review(by)] }, 5);
    return advanced.ok ? advanced.events.reduce(apply, request) : request;
  };
  const both = apply(answered, { type: 'reviewed', at: 4, review: review(lee) });
  const left = lapse(both);
  expect(left).toMatchObject({ reviews: [{ by: lee.id }], lapsed: [{ by: sam.id }] });
  expect(lapse(left, lee)).toMatchObject({ reviews: [], lapsed: [{ by: sam.id }, { by: lee.id }] });
  expect(apply(left, reviewed()).lapsed).toEqual([]);
  const gone: RequestEvent[] = [
    { type: 'moved', at: 6, what: ['x'] },
    { type: 'edited', at: 6, by: dana, input: {}, target, changes },
    { type: 'narrowed', at: 6, by: lee, input: {}, changes },
  ];
  for (const event of gone) expect(apply(left, event)).not.toHaveProperty('lapsed');
});

describe('taking an answer back', () => {
  test.each<[string, PlatformRequest, string]>([
    ['works while it waits', answered, 'review_withdrawn'],
    ['works while it is on hold', held, 'review_withdrawn'],
    ['needs an answer', waiting, 'nothing_to_withdraw'],
    ['is too late once a no has ended it', denied, 'already_ended'],
    ['is too late once it was approved', { ...answered, status: 'approved' }, 'not_waiting'],
    ['is too late once it has ended', { ...answered, status: 'expired' }, 'already_ended'],
  ])('%s', (_what, request, expected) => {
    expect(codeOf(request, { type: 'withdraw', by: sam })).toBe(expected);
  });

  test('takes back all that one person said, from whatever account', () => {
    const second = person('sam2', { email: 'SAM@acme.example' });
    const twice = apply(answered, { type: 'reviewed', at: 4, review: review(lee) });
    const left = apply(twice, { type: 'review_withdrawn', at: 5, by: second, decision: 'approve' });
    expect(left.reviews.map(({ by }) => by)).toEqual([lee.id]);
    const nameless = person('sam', { email: undefined });
    expect(
      apply(answered, { type: 'review_withdrawn', at: 5, by: nameless, decision: 'approve' }).reviews,
    ).toEqual([]);
    const unaddressed = requestAfter(evaluated('require_approval'), {
      type: 'reviewed',
      at: 3,
      review: review(nameless),
    });
    expect(codeOf(unaddressed, { type: 'withdraw', by: lee })).toBe('nothing_to_withdraw');
  });
});

describe('an edit', () => {
  const edit = (more: Partial<Extract<ReviewLifeCommand, { type: 'edit' }>> = {}): ReviewLifeCommand => ({
    ...{ type: 'edit', by: dana, input: { cpu: 4 }, target, changes },
    ...more,
  });
  const running = requestAfter(
    evaluated('allow'),
    { type: 'approved', at: 3, because: 'policy' },
    { type: 'started', at: 4, plan: [] },
  );

  test.each<[string, PlatformRequest, ReviewLifeCommand, string]>([
    ['while it waits', waiting, edit(), 'edited'],
    ['while it is on hold', held, edit(), 'edited'],
    [
      'to another name of what is yet to be made',
      waiting,
      edit({ target: { ...target, name: 'pr-13' } }),
      'edited',
    ],
    ['by somebody else is refused', waiting, edit({ by: sam }), 'not_yours'],
    ['of what is approved is refused', approved, edit(), 'not_waiting'],
    ['of what runs is refused', running, edit(), 'not_waiting'],
    ['of what has ended is refused', denied, edit(), 'already_ended'],
    ['that changes nothing is refused', waiting, edit({ changes: [] }), 'nothing_changed'],
    ['after too many is refused', { ...waiting, edits: editsMax }, edit(), 'too_many_edits'],
    [
      'to another kind of thing is refused',
      waiting,
      edit({ target: { ...target, kind: 'service' } }),
      'other_target',
    ],
    [
      'to another tier is refused',
      waiting,
      edit({ target: { ...target, tier: 'production' } }),
      'other_target',
    ],
    [
      'to another service is refused',
      waiting,
      edit({ target: { ...target, service: { name: 'payments', owners: [] } } }),
      'other_target',
    ],
    [
      'to another name of what is there already is refused',
      { ...waiting, effect: 'change' },
      edit({ target: { ...target, name: 'dev-eu' } }),
      'other_target',
    ],
  ])('%s', (_what, request, command, expected) => {
    expect(codeOf(request, command)).toBe(expected);
  });

  test('forgets answers, narrowings and what had moved, and when it was to begin', () => {
    const before = fold([
      { ...requested, notBefore: 50_000 } as RequestEvent,
      evaluated('require_approval'),
      reviewed(),
      { type: 'moved', at: 4, what: ['the commit moved'] },
      { type: 'narrowed', at: 5, by: sam, input: { cpu: 8 }, changes },
      reviewed(),
    ]);
    const edited: RequestEvent = { type: 'edited', at: 6, by: dana, input: { cpu: 4 }, target, changes };
    const after = apply(before, edited);
    expect(after).toMatchObject({ reviews: [], edits: 1, voided: [{ by: sam.id }], input: { cpu: 4 } });
    for (const gone of ['notBefore', 'moved', 'narrowed']) expect(after).not.toHaveProperty(gone);
    expect(apply(after, { ...edited, notBefore: 60_000 } as RequestEvent)).toMatchObject({
      notBefore: 60_000,
      edits: 2,
    });
  });
});

describe('less', () => {
  const action = {
    effect: 'create',
    input: z.strictObject({
      name: z.string(),
      cpu: z.number().positive().meta({ title: 'CPU' }),
      ttl: z.string().optional(),
      values: z.record(z.string(), z.unknown()).default({}),
    }),
    narrows: { cpu: 'less', ttl: 'shorter' },
    target: () => ok(target),
  } as unknown as ChangeAction;
  const input = { name: 'a', cpu: 8, ttl: '8h', values: {} };

  test('is offered where there is something to be less than', () => {
    expect(narrowable(action, input).map(([field]) => field)).toEqual(['cpu', 'ttl']);
    expect(narrowable(action, { name: 'a', cpu: Number.NaN, ttl: 8 })).toEqual([]);
    const { narrows: _none, ...wide } = action;
    expect(narrowable(wide as ChangeAction, input)).toEqual([]);
  });

  test('says what is otherwise, in the words of the form', () => {
    expect(narrowInput(action, input, { cpu: 4, ttl: '8h' })).toEqual(
      ok({ input: { ...input, cpu: 4 }, changes }),
    );
    expect(narrowInput(action, input, { cpu: 9, name: 'b', ttl: 'x' })).toMatchObject({
      problem: {
        code: 'not_narrower',
        fields: {
          cpu: 'CPU can only be less than 8',
          name: 'name cannot be changed by an approver',
          ttl: 'ttl can only be shorter than 8h',
        },
      },
    });
    expect(narrowInput(action, input, { cpu: -1 })).toMatchObject({ problem: { code: 'bad_input' } });
    expect(narrowInput(action, input, {})).toMatchObject({ problem: { code: 'nothing_changed' } });
  });

  test('raises no new question: fewer people of no fewer groups, nobody more left out', () => {
    const before = [requirement({ count: 2, from: ['sre'], not: [] })];
    expect(isAskedAlready([requirement({ count: 1, from: ['sre', 'payments'] })], before)).toBe(true);
    expect(isAskedAlready([requirement({ count: 3 })], before)).toBe(false);
    expect(isAskedAlready([requirement({ from: ['payments'] })], before)).toBe(false);
    expect(isAskedAlready([requirement({ not: ['author'] })], before)).toBe(false);
    expect(isAskedAlready([requirement({ needsComment: true })], before)).toBe(false);
    expect(isAskedAlready([requirement({ stepUp: 'code' })], before)).toBe(false);
    expect(isAskedAlready([requirement({ delegates: false })], before)).toBe(false);
  });

  test('is let through by somebody else, of what waits', () => {
    const narrow = (by = sam): ReviewLifeCommand => ({ type: 'narrow', by, input: { cpu: 4 }, changes });
    expect(codeOf(waiting, narrow())).toBe('narrowed');
    expect(codeOf(waiting, narrow(dana))).toBe('own_request');
    expect(codeOf(approved, narrow())).toBe('not_waiting');
  });

  test('voids the answers of all others, and is remembered with the one before', () => {
    const event: RequestEvent = { type: 'narrowed', at: 5, by: lee, input: { cpu: 4 }, changes };
    const once = apply(answered, event);
    expect(once).toMatchObject({ reviews: [], voided: [{ by: sam.id }], narrowed: [{ by: lee, changes }] });
    expect(apply(once, event).narrowed).toHaveLength(2);
    expect(apply(answered, { ...event, by: sam } as RequestEvent).voided).toEqual([]);
  });

  test('of further questions is told by their paths', () => {
    const before = { values: { db: { size: 8 }, tags: ['a'] } };
    const after = { values: { db: { size: 4 }, tags: ['a', 'b'], new: 'x'.repeat(200) } };
    expect(fieldChanges(action, before, after)).toEqual([
      { field: 'values.db.size', title: 'db.size', from: '8', to: '4' },
      { field: 'values.tags', title: 'tags', from: '["a"]', to: '["a","b"]' },
      { field: 'values.new', title: 'new', to: expect.stringMatching(/^x{90,}…$/) },
    ]);
    expect(fieldChanges(action, before, {})).toContainEqual({
      field: 'values.db.size',
      title: 'db.size',
      from: '8',
    });
    expect(fieldChanges(action, { ttl: '8h' }, {})).toEqual([{ field: 'ttl', title: 'ttl', from: '8h' }]);
  });
});

test('what was asked for in other words is called what it is, once it was edited or narrowed', () => {
  const asked = { ...waiting, askedAs: { action: 'environment.clone', input: { cpu: 2 } } };
  const input = { ...waiting.input, cpu: 4 };
  expect(apply(asked, { type: 'edited', at: 6, by: dana, input, target, changes })).not.toHaveProperty(
    'askedAs',
  );
  expect(apply(asked, { type: 'narrowed', at: 6, by: lee, input, changes })).not.toHaveProperty('askedAs');
});

test('whoever it is asked for is left out like whoever asks', () => {
  const request = { ...waiting, requester: person('system'), onBehalfOf: dana };
  expect(isAsker(request, person('dana2', { email: 'DANA@acme.example' }))).toBe(true);
  expect(isAsker(request, sam)).toBe(false);
  expect(isAsker(waiting, dana)).toBe(true);
});

test('what does not wait says why it takes no answer', () => {
  expect(refuseAnswer(waiting)).toBeUndefined();
  expect(refuseAnswer(denied)?.sentence).toBe('REQ-12 was denied already, so nothing was changed.');
  expect(refuseAnswer(approved)?.code).toBe('not_waiting');
});

describe('authors', () => {
  const people = { people: { 'sam@acme.example': { github: 'Sam-Okoye' } } };
  const by = (...authors: string[]) => ({ ...noChange, authors });

  test.each([
    ['583231+sam-okoye@users.noreply.github.com', 'sam@acme.example'],
    ['SAM-OKOYE@users.noreply.github.com', 'sam@acme.example'],
    ['sam-okoye@users.noreply.github.com.evil.example', 'sam-okoye@users.noreply.github.com.evil.example'],
    ['noreply@github.com', 'noreply@github.com'],
  ])('%s is %s', (address, known) => {
    const seen = withKnownAuthors({ ...preview, change: by(address) }, people);
    expect(seen.change).toMatchObject({ authors: [known] });
  });

  test('whom nobody here is known to be are no members', () => {
    for (const address of [
      '1+stranger@users.noreply.github.com',
      'dependabot[bot]@users.noreply.github.com',
    ]) {
      const seen = withKnownAuthors({ ...preview, change: by(address) }, people);
      expect(seen.change).toMatchObject({ authors: [] });
    }
  });

  test('are found by their account and by the lines that name co-authors', () => {
    const commit = { sha: '', title: '', author: '', authorEmail: '', url: '' };
    expect(
      authorsOf([
        { ...commit, authorEmail: 'private@mail.example', authorLogin: 'Sam-Okoye' },
        { ...commit, coAuthorEmails: ['Max@acme.example'] },
      ]),
    ).toEqual(['max@acme.example', 'private@mail.example', 'sam-okoye@users.noreply.github.com']);
  });

  test('whom the catalog does not know are strangers by the commit, and bots are none', () => {
    const commit = { sha: '', title: '', author: '', authorEmail: '', url: '' };
    const catalog = {
      ...shipped,
      ...people,
      groups: { crew: { title: 'Crew', members: ['Lee@acme.example'] } },
    };
    const known = [
      { ...commit, authorEmail: 'SAM@acme.example' },
      { ...commit, authorEmail: 'lee@acme.example' },
      { ...commit, authorEmail: 'private@mail.example', authorLogin: 'Sam-Okoye' },
      { ...commit, authorEmail: '', authorLogin: 'renovate[bot]' },
    ];
    const strange = [
      { ...commit, authorEmail: 'private@mail.example', authorLogin: 'octocat' },
      { ...commit, authorEmail: 'lee@acme.example', coAuthorEmails: ['mallory@mail.example'] },
      commit,
    ];
    expect(byStrangers([...known, ...strange], catalog)).toEqual(strange);
    expect(authorFacts([...known, ...strange], 7, catalog)).toMatchObject({ strangers: 3 });
    const { people: _people, ...without } = catalog;
    expect(byStrangers(known.slice(1, 3), without)).toEqual(known.slice(2, 3));
    expect(authorFacts(known, 5, catalog).authors).toBe('unknown');
    const seen = withKnownAuthors({ ...preview, change: { ...noChange, authors: 'unknown' } }, people);
    expect(seen.change).toMatchObject({ authors: 'unknown' });
  });

  test('of each part are known too, and one person under two addresses is one', () => {
    const change = by('sam@acme.example', '1+sam-okoye@users.noreply.github.com');
    const parts = [
      { target, change },
      { target, change: 'unknown' as const },
    ];
    const seen = withKnownAuthors({ ...preview, change: 'unknown', parts }, people);
    expect(seen.change).toBe('unknown');
    expect(seen.parts?.map((part) => part.change)).toMatchObject([
      { authors: ['sam@acme.example'] },
      'unknown',
    ]);
    expect(withKnownAuthors(preview, people)).toEqual(preview);
  });
});

describe('cancelling', () => {
  const second = person('dana2', { email: 'DANA@acme.example' });

  test.each<[PlatformRequest['status'], string]>([
    ['submitted', 'cancelled'],
    ['waiting', 'cancelled'],
    ['held', 'cancelled'],
    ['approved', 'cancelled'],
    ['running', 'undo_started'],
    ['undoing', 'too_late_to_cancel'],
    ['succeeded', 'already_ended'],
    ['failed', 'already_ended'],
    ['denied', 'already_ended'],
    ['cancelled', 'already_ended'],
    ['expired', 'already_ended'],
  ])('what is %s: %s, by its requester under whatever account', (status, expected) => {
    for (const by of [dana, second]) {
      const advanced = advance({ ...waiting, status }, { type: 'cancel', by }, 9);
      expect(advanced.ok ? advanced.events.map(({ type }) => type).join() : advanced.problem.code).toBe(
        expected,
      );
    }
  });
});
