/** Answers, withdrawals, edits and narrowings in any order, held against a model that knows nothing of events. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countQuorum } from '../../src/approvals/quorum.ts';
import { advance, type RequestCommand } from '../../src/core/advance.ts';
import { apply } from '../../src/core/fold.ts';
import type { Person } from '../../src/core/person.ts';
import type { PlatformRequest } from '../../src/core/request.ts';
import type { Review } from '../../src/core/verdict.ts';
import {
  dana,
  evaluated,
  lee,
  max,
  person,
  plan,
  preview,
  requestAfter,
  requirement,
  review,
  sam,
  standing,
  standings,
  verdict,
  waiting,
} from './requests.ts';

const sam2 = person('sam2', { email: 'SAM@acme.example' });
const everybody = [dana, sam, sam2, lee, max];
const now = standings(...everybody.map((who) => standing(who, who === max ? 'payments' : 'sre')));

type Move =
  | { readonly do: Review['decision'] | 'withdraw'; readonly who: Person }
  | { readonly do: 'edit' | 'narrow'; readonly who: Person; readonly cpu: number };

const who = fc.constantFrom(...everybody);
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('approve' as const, 'request_changes' as const, 'withdraw' as const),
      who,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deny' as const), who }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('edit' as const, 'narrow' as const),
      who,
      cpu: fc.integer({ min: 1, max: 12 }),
    }),
  },
);

/** The real thing: the commands that the desk puts together. */
function play(request: PlatformRequest, move: Move): PlatformRequest {
  return commandsFor(request, move).reduce((current, command) => {
    const advanced = advance(current, typeof command === 'function' ? command(current) : command, 5);
    return advanced.ok ? advanced.events.reduce(apply, current) : current;
  }, request);
}

type Later = RequestCommand | ((request: PlatformRequest) => RequestCommand);

function commandsFor(request: PlatformRequest, { do: what, who: by, ...rest }: Move): readonly Later[] {
  const cpu = 'cpu' in rest ? rest.cpu : 0;
  const answer = (decision: Review['decision']) => (current: PlatformRequest) => {
    const given = review(by, { decision, digest: current.digest ?? '' });
    return { type: 'review', reviewer: by, review: given, quorum: quorumOf(current, given) } as const;
  };
  if (what === 'edit') {
    const { target } = request;
    const changes = cpu === request.input.cpu ? [] : [change];
    const edit = { type: 'edit', by, input: { cpu }, target, changes } as const;
    return advance(request, edit, 5).ok ? [edit, judge(cpu)] : [];
  }
  const mayAnswer = by === sam || by === sam2 || by === lee;
  if (what === 'withdraw') {
    return [
      { type: 'withdraw', by },
      (current) => ({ ...judge(Number(current.input.cpu)), quorum: quorumOf(current) }),
    ];
  }
  if (!mayAnswer || request.status !== 'waiting') return [];
  if (what !== 'narrow') return [answer(what)];
  if (cpu >= Number(request.input.cpu)) return [];
  return [{ type: 'narrow', by, input: { cpu }, changes: [change] }, judge(cpu), answer('approve')];
}

const change = { field: 'cpu', title: 'CPU', to: 'x' };

function judge(cpu: number) {
  const judged = { verdict: verdictOf(cpu), preview, digest: `cpu ${cpu}`, plan };
  return { type: 'judge' as const, ...judged, target: waiting.target, moved: [], quorum: undefined };
}

function verdictOf(cpu: number) {
  return verdict('require_approval', { requirements: [requirement({ count: neededFor(cpu) })] });
}

function quorumOf(request: PlatformRequest, given?: Review) {
  const { requirements, requester } = request;
  const reviews = given ? [...request.reviews, given] : request.reviews;
  return countQuorum({ requirements, requester, reviews, authorEmails: [], standings: now });
}

function neededFor(cpu: number): number {
  return cpu > 6 ? 2 : 1;
}

/** What people would say of it. */
interface Model {
  readonly cpu: number;
  readonly said: ReadonlyMap<string, 'yes' | 'change'>;
  readonly end?: 'approved' | 'denied';
}

function model(state: Model, move: Move): Model {
  if (state.end) return state;
  const name = move.who === sam2 ? 'sam' : move.who.name;
  const said = new Map(state.said);
  const counts = name === 'sam' || name === 'lee';
  switch (move.do) {
    case 'edit':
      return name === 'dana' && move.cpu !== state.cpu ? { cpu: move.cpu, said: new Map() } : state;
    case 'withdraw':
      return said.delete(name) ? settled({ ...state, said }) : state;
    case 'narrow':
      return counts && move.cpu < state.cpu
        ? settled({ cpu: move.cpu, said: new Map([[name, 'yes']]) })
        : state;
    case 'deny':
      return counts ? { ...state, end: 'denied' } : state;
    default:
      return counts
        ? settled({ ...state, said: said.set(name, move.do === 'approve' ? 'yes' : 'change') })
        : state;
  }
}

function settled(state: Model): Model {
  const words = [...state.said.values()];
  const isMet = words.length >= neededFor(state.cpu) && !words.includes('change');
  return isMet ? { ...state, end: 'approved' } : state;
}

test('any order of answers, withdrawals, edits and narrowings ends as people would say it does', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 14 }), (moves) => {
      const first = evaluated('require_approval', verdictOf(8), 'cpu 8');
      let request: PlatformRequest = { ...requestAfter(first), input: { cpu: 8 } };
      let expected: Model = { cpu: 8, said: new Map() };
      for (const one of moves) {
        request = play(request, one);
        expected = model(expected, one);
        expect(request.status).toBe(expected.end ?? 'waiting');
        expect(request.input.cpu).toBe(expected.cpu);
        // Never a yes to something that its giver has not seen.
        for (const { digest } of request.reviews) expect(digest).toBe(`cpu ${expected.cpu}`);
      }
    }),
    { numRuns: 150 },
  );
});
