/** Which cards offer the way back, and how they say that there is one. */
import { expect, test } from 'vitest';
import { loadActions } from '../../src/actions/load.ts';
import { requestIdOf } from '../../src/core/ids.ts';
import type { PlatformRequest, RequestStatus, RunStep } from '../../src/core/request.ts';
import { cardOf } from '../../src/slack/cards.ts';
import { noticeOf } from '../../src/slack/notices.ts';
import { now, preview, sample } from './samples.ts';

const actions = await loadActions();
const context = {
  actions,
  groupTitle: (name: string) => name,
  quorumOf: () => ({ state: 'open' as const, parts: [] }),
} as const;

function deployIn(status: RequestStatus, more: Partial<PlatformRequest> = {}): PlatformRequest {
  return {
    ...sample(status),
    action: 'deploy',
    input: { service: 'payments', version: 'v1.4.2', environment: 'production' },
    preview: { ...preview, resolved: { 'running version': 'v1.4.0' } },
    startedAt: now,
    ...more,
  };
}

const textOf = (request: PlatformRequest) => JSON.stringify(cardOf(request, context).blocks);

test.each([
  ['running', 'Cancel and roll back'],
  ['succeeded', 'Roll back'],
  ['failed', 'Roll back'],
] as const)('a deploy that is %s offers "%s", and says to what', (status, label) => {
  const text = textOf(deployIn(status));
  expect(text).toContain(`"text":"${label}"`);
  expect(text).toContain('roll back payments in production to v1.4.0');
});

test.each([
  ['waiting', {}],
  ['undoing', {}],
  ['denied', {}],
  ['succeeded', { followedBy: requestIdOf(13) }],
  ['succeeded', { preview }],
  ['succeeded', { action: 'environment.create', input: { name: 'pr-12' } }],
] as const)('a request that is %s with %j offers none', (status, more) => {
  expect(textOf(deployIn(status, more))).not.toContain('oll back');
});

test('an image that was set back by its own undo offers none: there is nothing to go back from', () => {
  const step = (id: string, state: RunStep['state']) => ({ id, title: id, attempts: 1, progress: [], state });
  const failed = (state: RunStep['state']) =>
    textOf(
      deployIn('failed', {
        steps: [step('before', 'done'), step('image', state), step('rollout', 'failed')],
      }),
    );
  expect(failed('undone')).not.toContain('oll back');
  expect(failed('undo_failed')).toContain('Roll back');
});

test('the two name each other, and the notice of a failure says who brings it back', () => {
  const failed = deployIn('failed', { followedBy: requestIdOf(13) });
  expect(textOf(failed)).toContain('REQ-13 goes back from it');
  expect(textOf(deployIn('running', { follows: requestIdOf(12) }))).toContain('goes back from REQ-12');
  const notice = { key: 'k', kind: 'ended', requestId: failed.id } as const;
  expect(JSON.stringify(noticeOf(notice, failed, context))).toContain('REQ-13 brings back what ran before.');
});

test('what begins later says when, in the time zone of who reads it', () => {
  const later = deployIn('approved', { notBefore: now + 7_200_000, updatedAt: now });
  const { startedAt: _startedAt, ...waiting } = later;
  expect(textOf(waiting)).toContain(`begins <!date^${(now + 7_200_000) / 1000}^`);
  expect(textOf(waiting)).toContain('approved, and begins at its time');
});
