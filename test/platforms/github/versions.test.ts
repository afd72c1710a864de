import { expect, it } from 'vitest';
import { newestFirst } from '../../../src/platforms/github/versions.ts';

it.each([
  ['numbers count as numbers', ['v1.9.0', 'v1.10.0', 'v1.2.0'], ['v1.10.0', 'v1.9.0', 'v1.2.0']],
  [
    'a release is newer than its candidates',
    ['v2.0.0-rc.2', 'v2.0.0', 'v2.0.0-rc.10'],
    ['v2.0.0', 'v2.0.0-rc.10', 'v2.0.0-rc.2'],
  ],
  ['a candidate of the next is newer than the last', ['v1.4.2', 'v1.5.0-rc.1'], ['v1.5.0-rc.1', 'v1.4.2']],
  [
    'words come last, in the order they came',
    ['latest', 'v1.0.0', 'nightly'],
    ['v1.0.0', 'latest', 'nightly'],
  ],
  ['dates and prefixes are read', ['app-v1.2.0', 'app-v1.3.0'], ['app-v1.3.0', 'app-v1.2.0']],
  ['fewer numbers are zeros', ['v1.4', 'v1.4.1', 'v1.3.9'], ['v1.4.1', 'v1.4', 'v1.3.9']],
])('%s', (_, tags, sorted) => {
  expect(newestFirst(tags)).toEqual(sorted);
});
