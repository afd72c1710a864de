/** What operators are told to run instead, over a PostgreSQL. */
import { expect, test } from 'vitest';
import { dumpAdvice, restoreCommand } from '../../../src/commands/data/postgres-tools.ts';

const url = {
  reveal: () => 'postgresql://bot:hunter2@db.example.com:5433/green%20light?password=hunter2',
};
const told = restoreCommand(url, 'a backup.dump');

test('a dump is told with a line that a shell understands, and no word of the password', () => {
  const where = "--host=db.example.com --port=5433 --username=bot --dbname='green light'";
  expect(dumpAdvice(url, 'b.dump')).toContain(`pg_dump --format=custom --file=b.dump ${where}\``);
  expect(dumpAdvice(url, 'b.dump')).not.toContain('hunter2');
});

test('a restore is told with lines that a shell understands, and no word of the password', () => {
  const where = "--host=db.example.com --port=5433 --username=bot --dbname='green light'";
  expect(told.next).toContain(`--no-owner ${where} 'a backup.dump'\``);
  expect(JSON.stringify(told)).not.toContain('hunter2');
});

test('a restore is told to give no number twice, before any replica starts', () => {
  const [before = ''] = told.next.split('start the replicas');
  expect(before).toContain('psql --host=db.example.com');
  expect(before).toContain("update counters set value = value + 1000 where name = 'requests'");
  expect(before).toContain('no number is given twice');
  expect(before).toContain('greenlight audit verify');
});
