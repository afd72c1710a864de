/** Where a rollback leads. */
import { expect, test } from 'vitest';
import { wayBack } from '../../src/actions/deploy/last-good.ts';
import type { Deployment, DeploymentState } from '../../src/core/forge.ts';

/** Newest first, as GitHub lists them: `v2 success`, or `v1 success <v2` for one that rolled back from v2. */
function deployments(...lines: string[]): Deployment[] {
  return lines.map((line, index) => {
    const [ref = '', state = '', from] = line.split(' ');
    return {
      ...{ id: lines.length - index, ref, sha: ref, at: 0, by: 'Dana', state: state as DeploymentState },
      ...(from === undefined ? {} : { rolledBackFrom: from.slice(1) }),
    };
  });
}

test.each([
  ['the one before', ['v1.3.0 success', 'v1.2.0 success', 'v1.1.0 success'], '1.3.0', 'v1.3.0', 'v1.2.0'],
  ['past what failed', ['v1.3.0 success', 'v1.2.0 failure', 'v1.1.0 success'], '1.3.0', 'v1.3.0', 'v1.1.0'],
  ['what GitHub calls inactive was good', ['v1.3.0 success', 'v1.2.0 inactive'], '1.3.0', 'v1.3.0', 'v1.2.0'],
  [
    'past the same commit',
    ['v1.3.0 success', 'v1.3.0 success', 'v1.2.0 success'],
    '1.3.0',
    'v1.3.0',
    'v1.2.0',
  ],
  [
    'past what was rolled back from',
    ['v1.1.0 success <v1.2.0', 'v1.2.0 inactive', 'v1.1.0 inactive', 'v1.0.0 inactive'],
    ...(['1.1.0', 'v1.1.0', 'v1.0.0'] as const),
  ],
  [
    'to one that was rolled back from and has worked since',
    ['v1.3.0 success', 'v1.2.0 inactive', 'v1.1.0 inactive <v1.2.0', 'v1.2.0 inactive'],
    ...(['1.3.0', 'v1.3.0', 'v1.2.0'] as const),
  ],
  ['of a failed deploy that is half out', ['v1.3.0 failure', 'v1.2.0 success'], '1.3.0', 'v1.3.0', 'v1.2.0'],
  [
    'of a failed deploy that never came out, before what runs',
    ['v1.3.0 failure', 'v1.2.0 success', 'v1.1.0 inactive'],
    ...(['1.2.0', 'v1.2.0', 'v1.1.0'] as const),
  ],
  [
    'when the cluster cannot be asked, before what GitHub says',
    ['v1.3.0 failure', 'v1.2.0 success', 'v1.1.0 inactive'],
    ...([undefined, 'v1.2.0', 'v1.1.0'] as const),
  ],
])('%s', (_title, lines, onCluster, from, to) => {
  const way = wayBack(deployments(...lines), onCluster);
  expect([way?.from.ref, way?.to?.ref]).toEqual([from, to]);
});

test('nothing leads back from where nothing ever worked, or nothing before', () => {
  expect(wayBack([], '1.0.0')).toBeUndefined();
  expect(wayBack(deployments('v1.0.0 failure'), '1.0.0')).toBeUndefined();
  expect(wayBack(deployments('v1.0.0 success'), '1.0.0')).toMatchObject({ to: undefined });
});

test('a version that is named must have worked there before: a rollback is no way around the order', () => {
  const past = deployments('v1.3.0 success', 'v1.2.0 failure', 'v1.1.0 inactive');
  expect(wayBack(past, '1.3.0', 'v1.1.0')?.to?.ref).toBe('v1.1.0');
  expect(wayBack(past, '1.3.0', 'v1.2.0')?.to).toBeUndefined();
  expect(wayBack(past, '1.3.0', 'v1.5.0-rc.1')?.to).toBeUndefined();
  expect(wayBack(past, '1.3.0', 'main')?.to).toBeUndefined();
});

test('what ran before a deploy that was cancelled is named by it, and is the way back', () => {
  const past = deployments('v1.3.0 failure', 'v1.2.0 success', 'v1.1.0 inactive');
  expect(wayBack(past, '1.2.0', 'v1.2.0')).toMatchObject({ from: { ref: 'v1.3.0' }, to: { ref: 'v1.2.0' } });
});
