/** A small desk: real events and folds in memory, verdicts as the test scripts them, no policy and no runner. */

import type { Actions, Answer, ChangeAction, Preview } from '../../src/core/action.ts';
import { advance, type RequestCommand } from '../../src/core/advance.ts';
import type { NewKey } from '../../src/core/codes.ts';
import { digestOf } from '../../src/core/digest.ts';
import { fieldChanges } from '../../src/core/field-changes.ts';
import { fold } from '../../src/core/fold.ts';
import type { Bypass, BypassOffers } from '../../src/core/glass.ts';
import { type RequestId, requestIdOf } from '../../src/core/ids.ts';
import type { Obstacle } from '../../src/core/lock.ts';
import type { MentionedService } from '../../src/core/mentioned-service.ts';
import { narrowInput } from '../../src/core/narrow.ts';
import { isSamePerson, type Person } from '../../src/core/person.ts';
import { ok, type Problem, problem, type Result, refuse } from '../../src/core/problem.ts';
import type { PlatformRequest, RequestEvent } from '../../src/core/request.ts';
import { refuseEdit } from '../../src/core/review-life.ts';
import type { Quorum, Requirement, Verdict } from '../../src/core/verdict.ts';
import type { Ask, Desk } from '../../src/desk/desk.ts';
import { withCheckedValues } from '../../src/desk/further.ts';
import { catalog } from '../approvals/shipped.ts';

export interface DeskScript {
  /** What the guardrails say; allows everything when not given. */
  verdict?: (input: Readonly<Record<string, unknown>>, bypass?: Bypass) => Verdict;
  /** With what else it could be asked for; nothing when not given. */
  bypasses?: (ask: Omit<Ask, 'key'>) => BypassOffers;
  /** Ids of those who may answer. */
  approvers?: readonly string[];
  /** What every approved request waits for. */
  obstacles?: readonly Obstacle[];
  /** Names of permitted actions; all when not given. */
  permitted?: readonly string[];
  answer?: Answer;
  /** Of a second factor; none can be set up when not given. */
  newKey?: NewKey;
  /** The services that every alert speaks of. */
  mentioned?: readonly MentionedService[];
  further?: Desk['further'];
  /** Called after each change. */
  changed?: (request: PlatformRequest) => Promise<void>;
  /** Held up until it resolves: what the outside makes slow. */
  slowly?: Promise<void>;
}

export interface TestDesk extends Desk {
  readonly asked: Ask[];
  readonly requests: Map<RequestId, RequestEvent[]>;
  request(id: string): PlatformRequest;
  advance(id: string, command: RequestCommand): Promise<void>;
}

export const allowed: Verdict = {
  outcome: 'allow',
  reasons: [{ code: 'rule_allows', rule: 'small', text: 'small dev environments' }],
  requirements: [],
  warnings: [],
  shadows: [],
  policyVersion: 'test',
};

export function needs(count: number, from: readonly string[], because: string): Verdict {
  const requirement: Requirement = {
    id: 'large',
    rule: 'large',
    count,
    from: [...from],
    not: ['requester'],
    because,
    expiresAfterMs: 4 * 3_600_000,
  };
  return {
    ...allowed,
    outcome: 'require_approval',
    reasons: [{ code: 'rule_requires', rule: 'large', text: because }],
    requirements: [requirement],
  };
}

export function quorumOf(request: PlatformRequest): Quorum {
  const parts = request.requirements.map((requirement) => {
    const approvals = request.reviews.filter((review) => review.decision === 'approve');
    return { requirement, approvals, missing: Math.max(0, requirement.count - approvals.length) };
  });
  const deniedBy = request.reviews.find((review) => review.decision === 'deny');
  if (deniedBy) return { state: 'lost', parts, deniedBy };
  const changesAsked = request.reviews.filter((review) => review.decision === 'request_changes');
  if (changesAsked.length > 0) return { state: 'open', parts, changesAsked };
  return { state: parts.every((part) => part.missing === 0) ? 'met' : 'open', parts };
}

export function testDesk(actions: Actions, script: DeskScript, clock: { now(): number }): TestDesk {
  const requests = new Map<RequestId, RequestEvent[]>();
  const keys = new Map<string, RequestId>();
  const asked: Ask[] = [];
  const drafts = new Map<string, { owner: Person; values: Readonly<Record<string, unknown>> }>();

  const request = (id: string) => fold(requests.get(id as RequestId) ?? []);
  const find = (id: RequestId): Result<PlatformRequest> =>
    requests.has(id)
      ? ok(request(id))
      : refuse(problem('unknown_request', `There is no ${id}.`, 'Look at `/requests`.'));

  async function change(id: RequestId, command: RequestCommand): Promise<Result<PlatformRequest>> {
    const decided = advance(request(id), command, clock.now());
    if (!decided.ok) return refuse(decided.problem);
    requests.get(id)?.push(...decided.events);
    await script.changed?.(request(id));
    return ok(request(id));
  }

  const parse = (ask: Pick<Ask, 'action' | 'input'>): Result<Readonly<Record<string, unknown>>> => {
    const action = actions.get(ask.action);
    const parsed = action?.input.safeParse(ask.input);
    if (action && parsed?.success) {
      if (!script.further) return ok(parsed.data);
      const further = () => script.further?.(ask.action, parsed.data);
      return withCheckedValues({ ...action, further }, parsed.data, catalog);
    }
    const fields = Object.fromEntries(
      (parsed?.error?.issues ?? []).map((one) => [one.path.join('.'), one.message]),
    );
    return refuse(
      problem('bad_input', 'Something is missing or wrong.', 'Mend it and ask again.', { fields }),
    );
  };

  const eligible = (target: PlatformRequest, by: Person): Problem | undefined => {
    if (isSamePerson(target.requester, by)) {
      return problem(
        'own_request',
        'You asked for this one, so someone else must answer it.',
        'Ask in #sre.',
      );
    }
    if (script.approvers?.includes(by.id)) return undefined;
    return problem(
      'not_eligible',
      `${target.id} needs somebody else's answer.`,
      'Ask one of the people on the card.',
    );
  };

  return {
    asked,
    requests,
    request,
    async advance(id, command) {
      const changed = await change(id as RequestId, command);
      if (!changed.ok) throw new Error(changed.problem.sentence);
    },
    async forecast(ask) {
      await script.slowly;
      const input = parse(ask);
      if (!input.ok) return input;
      const bypasses = script.bypasses?.(ask);
      return ok({
        verdict: verdictOf(input.value, ask.bypass),
        preview: previewOf(ask.action, input.value),
        ...(bypasses ? { bypasses } : {}),
      });
    },
    async answer(ask) {
      asked.push(ask);
      return script.answer
        ? ok(script.answer)
        : refuse(problem('not_found', 'There is no such service.', 'Try `/svc help`.'));
    },
    async submit(ask) {
      asked.push(ask);
      const known = keys.get(ask.key);
      if (known) return ok(request(known));
      const input = parse(ask);
      if (!input.ok) return input;
      const id = requestIdOf(requests.size + 1);
      const name = String(input.value.name ?? input.value.service);
      requests.set(id, [
        {
          type: 'requested',
          at: clock.now(),
          id,
          action: ask.action,
          effect: 'create',
          input: input.value,
          target: {
            kind: 'environment',
            name,
            tier: input.value.environment === 'production' ? 'production' : 'dev',
            team: 'checkout',
          },
          requester: ask.requester,
          origin: ask.origin,
          channel: 'requests',
          ...(ask.bypass ? { bypass: ask.bypass } : {}),
        },
      ]);
      keys.set(ask.key, id);
      return ok(request(id));
    },
    async decide(id) {
      const { action, input, bypass, target } = request(id);
      const preview = previewOf(action, input);
      return change(id, {
        type: 'judge',
        verdict: verdictOf(input, bypass),
        preview,
        target,
        digest: digestOf(preview),
        plan: [
          { id: 'namespace', title: 'Namespace' },
          { id: 'ready', title: 'Ready' },
        ],
        moved: [],
        quorum: undefined,
      });
    },
    async mayEdit(id, by) {
      const found = find(id);
      if (!found.ok) return found;
      const refusal = refuseEdit(found.value, by);
      return refusal ? refuse(refusal) : found;
    },
    async checkEdit(edited) {
      const input = parse({ action: request(edited.id).action, input: edited.input });
      return input.ok ? ok(undefined) : input;
    },
    async edit({ id, by, input }) {
      const { action: name, input: before, target } = request(id);
      const action = actions.get(name);
      const parsed = parse({ action: name, input });
      if (!parsed.ok || !action) return refuse(problem('bad_input', 'Wrong.', 'Mend it.'));
      const verdict = verdictOf(parsed.value);
      if (verdict.outcome === 'deny') {
        return refuse(problem('denied_by_policy', `So edited, ${id} would be refused.`, 'It stays.'));
      }
      const changes = fieldChanges(action, before, parsed.value);
      const edited = await change(id, { type: 'edit', by, input: parsed.value, target, changes });
      if (!edited.ok) return edited;
      const preview = previewOf(name, parsed.value);
      const judged = { verdict, preview, target, digest: digestOf(preview), plan: [] };
      return change(id, { type: 'judge', ...judged, moved: [], quorum: undefined });
    },
    checkNarrowing: (asked, to) => {
      const action = actions.get(asked.action) as ChangeAction;
      return narrowInput(action, asked.input, to);
    },
    withdraw: (id, by) => change(id, { type: 'withdraw', by }),
    async mayReview(id, by) {
      const found = find(id);
      if (!found.ok) return found;
      const refusal = eligible(found.value, by);
      return refusal ? refuse(refusal) : found;
    },
    async review({ id, by, decision, note, digest: seen, narrowTo }) {
      let found = find(id);
      if (!found.ok) return found;
      const refusal = eligible(found.value, by);
      if (refusal) return refuse(refusal);
      let digest = seen;
      if (narrowTo) {
        const { action, input, target } = found.value;
        const less = narrowInput(actions.get(action) as ChangeAction, input, narrowTo);
        if (!less.ok) return less;
        const preview = previewOf(action, less.value.input);
        digest = digestOf(preview);
        const verdict = verdictOf(less.value.input);
        await change(id, { type: 'narrow', by, ...less.value });
        found = await change(id, {
          type: 'judge',
          verdict,
          preview,
          target,
          digest,
          plan: [],
          moved: [],
          quorum: undefined,
        });
        if (!found.ok) return found;
      }
      const wantsComment = found.value.requirements.some((one) => one.needsComment);
      if (decision === 'approve' && note === undefined && wantsComment) {
        return refuse(problem('comment_needed', `${id} needs a sentence with your yes.`, 'Write one.'));
      }
      const review = {
        by: by.id,
        name: by.name,
        groups: [],
        decision,
        at: clock.now(),
        digest,
        ...(note === undefined ? {} : { note }),
      };
      const quorum = quorumOf({ ...found.value, reviews: [...found.value.reviews, review] });
      return change(id, { type: 'review', reviewer: by, review, quorum });
    },
    goBack: async (id) => refuse(problem('bad_input', `${id} has no way back.`, 'Look at it.')),
    async cancel(id, by) {
      const found = find(id);
      return found.ok ? change(id, { type: 'cancel', by }) : found;
    },
    async reviewGlass(id, by, note) {
      return change(id, { type: 'review_glass', by, ...(note ? { note } : {}) });
    },
    async view(id) {
      const found = find(id);
      if (!found.ok) return found;
      const history = (requests.get(id) ?? []).map((event, index) => ({ seq: index + 1, event }));
      return ok({ request: found.value, history, quorum: quorumOf(found.value) });
    },
    async overview(viewer) {
      const all = [...requests.keys()].map(request);
      return {
        mine: all.filter((one) => isSamePerson(one.requester, viewer)),
        waitingForMe: all.filter((one) => one.status === 'waiting' && !isSamePerson(one.requester, viewer)),
        debts: [],
      };
    },
    permittedActions: () => script.permitted ?? [...actions.keys()],
    async choices(source, _viewer, input) {
      switch (source) {
        case 'services':
          return ['checkout', 'payments', 'search'].map((value) => ({ value, label: value }));
        case 'serviceEnvironments':
          return input.service === undefined
            ? []
            : ['staging', 'production'].map((value) => ({ value, label: `${value} of ${input.service}` }));
        case 'blueprints':
          return [
            { value: 'web-service', label: 'Web service' },
            { value: 'postgres', label: 'Postgres' },
            { value: 'namespace', label: 'Bare namespace' },
          ];
        case 'operations':
          return [{ value: 'image', label: 'Run another image' }];
        case 'teams':
          return [{ value: 'checkout', label: 'Checkout team' }];
        case 'lockable':
          return [{ value: 'payments', label: 'payments' }];
        case 'locks':
        case 'people':
        case 'workflows':
        case 'environments':
          return [];
      }
    },
    home: async (viewer) => ({
      waitingForMe: [...requests.keys()]
        .map(request)
        .filter((one) => one.status === 'waiting' && !eligible(one, viewer)),
      mine: [...requests.keys()].map(request).filter((one) => isSamePerson(one.requester, viewer)),
      ...{ environments: [], debts: [], mayAsk: script.permitted ?? [...actions.keys()] },
      concerns: () => true,
    }),
    obstacles: async () => script.obstacles ?? [],
    lookAfterLeaver: async () => 0,
    lookAfterLeavers: async () => 0,
    keepLock: async (id) => ok(request(id)),
    endChoices: async () => [],
    further: (name, input) => script.further?.(name, input),
    presets: (name, input) => actions.get(name)?.presets?.(input, catalog) ?? {},
    async saveDraft(id, owner, values) {
      const kept = drafts.get(id);
      if (kept && !isSamePerson(kept.owner, owner))
        return refuse(problem('not_yours', 'Not yours.', 'Open your own.'));
      drafts.set(id, { owner, values });
      return ok(undefined);
    },
    async loadDraft(id, owner) {
      const kept = drafts.get(id);
      if (kept && !isSamePerson(kept.owner, owner))
        return refuse(problem('not_yours', 'Not yours.', 'Open your own.'));
      return ok(kept?.values);
    },
  };

  function verdictOf(input: Readonly<Record<string, unknown>>, bypass?: Bypass): Verdict {
    return script.verdict?.(input, bypass) ?? allowed;
  }
}

function previewOf(action: string, input: Readonly<Record<string, unknown>>): Preview {
  return {
    sentence: `Does ${action} with ${input.name ?? input.service}.`,
    details: [{ label: 'Size', value: `${input.cpu ?? 1} CPU` }],
    commits: [],
    resolved: {},
    cautions: [],
  };
}
