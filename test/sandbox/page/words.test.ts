import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordAtCursor } from '../../../src/sandbox/page/composer/word-at-cursor.ts';
import { parsePermalink } from '../../../src/sandbox/page/data/permalink.ts';
import { formatRoute, parseRoute, type Route } from '../../../src/sandbox/page/data/route.ts';
import { secondsOfWallTime, wallTimeOf } from '../../../src/sandbox/page/elements/wall-time.ts';
import { ago, formatSlackDate } from '../../../src/sandbox/page/text/date.ts';

describe('what a person types', () => {
  it('the word under the cursor is found, also in the middle', () => {
    expect(wordAtCursor('hi @sa there', 6)).toEqual({ mark: '@', query: 'sa', start: 3 });
    expect(wordAtCursor('mail me@sam', 11)).toBeUndefined();
  });
});

describe('times are those of the person who reads', () => {
  const reader = { timeZone: 'Europe/Berlin', now: Date.UTC(2026, 10, 21, 12) };

  it("Slack's date tokens are filled in, unknown ones stay", () => {
    const at = Date.UTC(2026, 10, 21, 15, 5) / 1000;
    expect(formatSlackDate(at, '{date_num} {time} {date_short_pretty} {nonsense}', reader)).toBe(
      '2026-11-21 16:05 today {nonsense}',
    );
    expect(ago(reader.now - 3 * 3_600_000, reader.now)).toBe('3 h ago');
  });

  it('a wall time and its moment lead back to each other, in every zone and season', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC');
    const minutes = fc.integer({ min: 27_000_000, max: 31_000_000 });
    fc.assert(
      fc.property(zones, minutes, (zone, minute) => {
        const wall = wallTimeOf(minute * 60, zone);
        expect(wallTimeOf(secondsOfWallTime(wall, zone), zone)).toBe(wall);
      }),
      { seed: 1 },
    );
  });
});

describe('the address bar remembers where everybody is', () => {
  it.each<Route>([
    { seats: [{ person: 'U0DANA', location: undefined }] },
    {
      seats: [
        { person: 'U0DANA', location: { home: true } },
        { person: 'U0SAM', location: { channel: 'C1', thread: '1.2', at: '1.3' } },
      ],
    },
  ])('%o', (route) => {
    expect(parseRoute(formatRoute(route), 'U0NOBODY')).toEqual(route);
  });
});

describe('a permalink leads to its message', () => {
  const origin = 'http://127.0.0.1:4300';

  it('a message, and a reply with its thread', () => {
    expect(parsePermalink(`${origin}/archives/C0DEPLOYS/p1763712582000200`, origin)).toEqual({
      channel: 'C0DEPLOYS',
      at: '1763712582.000200',
    });
    const reply = `${origin}/archives/C0DEPLOYS/p1763712582000200?thread_ts=1763712500.000100&cid=C0DEPLOYS`;
    expect(parsePermalink(reply, origin)?.thread).toBe('1763712500.000100');
  });

  it('addresses elsewhere are not taken for one', () => {
    expect(
      parsePermalink('https://acme.slack.com/archives/C0DEPLOYS/p1763712582000200', origin),
    ).toBeUndefined();
    expect(parsePermalink(`${origin}/archives/../x`, origin)).toBeUndefined();
  });
});
