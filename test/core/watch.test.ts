import { expect, test } from 'vitest';
import { personIdSchema } from '../../src/core/ids.ts';
import { tooManyWatches, type Watch } from '../../src/core/watch.ts';

const watch = (by: string, channel: string): Watch => ({
  ...{ id: `${by} ${channel}`, by: personIdSchema.parse(by), action: 'service.status', input: {} },
  ...{ channel, ts: '1.2', until: 0 },
});
const times = (count: number, make: (index: number) => Watch) =>
  Array.from({ length: count }, (_, index) => make(index));

test('a person, a channel and the whole workspace each have their bound', () => {
  expect(tooManyWatches([], watch('U0SAM', 'C1'))).toBeUndefined();
  expect(
    tooManyWatches(
      times(3, (index) => watch('U0SAM', `C${index}`)),
      watch('U0SAM', 'C9'),
    ),
  ).toBe('person');
  expect(
    tooManyWatches(
      times(5, (index) => watch(`U0P${index}`, 'C1')),
      watch('U0SAM', 'C1'),
    ),
  ).toBe('channel');
  expect(
    tooManyWatches(
      times(20, (index) => watch(`U0P${index}`, `C${index}`)),
      watch('U0SAM', 'C99'),
    ),
  ).toBe('all');
});
