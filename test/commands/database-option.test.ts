/** The commands mean the database that the bot would have, or none. */
import { expect, test } from 'vitest';
import { databasePlace } from '../../src/commands/database-option.ts';

const url = 'postgresql://bot:hunter2@db/greenlight';

test('the one that is named, else that of the settings, else the file in the data folder', () => {
  expect(databasePlace('a.db', { DATABASE_URL: url })).toEqual({ file: 'a.db' });
  const place = databasePlace(undefined, { DATABASE_URL: url, GREENLIGHT_DATABASE: 'b.db' });
  expect('url' in place && place.url.reveal()).toBe(url);
  expect(databasePlace(undefined, { DATABASE_URL: '', GREENLIGHT_DATABASE: 'b.db' })).toEqual({
    file: 'b.db',
  });
  expect(databasePlace(undefined, { GREENLIGHT_DATA_DIR: '/srv' })).toEqual({ file: '/srv/greenlight.db' });
});

test.each([
  [{ GREENLIGHT_DATABASE: url }, 'GREENLIGHT_DATABASE'],
  [{ GREENLIGHT_DATABASE: '/mnt/hunter2.db\r' }, 'GREENLIGHT_DATABASE'],
  [{ DATABASE_URL: `${url} ` }, 'DATABASE_URL'],
  [{ DATABASE_URL: 'mysql://bot:hunter2@db/greenlight' }, 'DATABASE_URL'],
])('what the bot would not take is none for a command either: %j', (env, setting) => {
  const meant = () => databasePlace(undefined, env);
  expect(meant).toThrow(`${setting} names no database`);
  expect(meant).not.toThrow('hunter2');
});
