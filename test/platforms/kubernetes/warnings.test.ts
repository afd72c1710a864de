import { expect, it } from 'vitest';
import { labelSelector } from '../../../src/platforms/kubernetes/selector.ts';
import { mergeWarnings } from '../../../src/platforms/kubernetes/warnings.ts';
import { warning } from './objects.ts';

it('the same complaint about the same object is one warning, with all its times counted', () => {
  const about = { kind: 'ReplicaSet', name: 'search-1' };
  const merged = mergeWarnings(
    [
      warning('FailedCreate', 'exceeded quota', { ...about, count: 3, at: '2026-11-21T02:00:00Z' }),
      warning('BackOff', 'Back-off restarting', { name: 'a', count: 9, at: '2026-11-21T02:30:00Z' }),
      warning('FailedCreate', '(combined from similar events): exceeded quota', {
        ...about,
        count: 4,
        at: '2026-11-21T02:40:00Z',
      }),
    ],
    5,
  );
  expect(merged).toEqual([
    {
      ...{ reason: 'FailedCreate', message: 'exceeded quota', object: 'ReplicaSet search-1', count: 7 },
      lastAt: Date.parse('2026-11-21T02:40:00Z'),
    },
    {
      reason: 'BackOff',
      message: 'Back-off restarting',
      object: 'Pod a',
      count: 9,
      lastAt: Date.parse('2026-11-21T02:30:00Z'),
    },
  ]);
});

it('only the newest are told', () => {
  const events = ['01', '03', '02'].map((hour) =>
    warning('Failed', `at ${hour}`, { at: `2026-11-21T${hour}:00:00Z` }),
  );
  expect(mergeWarnings(events, 2).map((one) => one.message)).toEqual(['at 03', 'at 02']);
});

it('a selector of labels and expressions is written as a list call takes it', () => {
  const expression = (operator: string, values: string[] = []) => ({ key: 'tier', operator, values });
  expect(
    labelSelector({
      matchLabels: { app: 'search', part: 'api' },
      matchExpressions: [
        expression('In', ['a', 'b']),
        expression('NotIn', ['c']),
        expression('Exists'),
        expression('DoesNotExist'),
      ],
    }),
  ).toBe('app=search,part=api,tier in (a,b),tier notin (c),tier,!tier');
});
