/** Whoever follows the audit gets all of it, in its order, whatever happens to them: down, slow, lying. */
import { describe, expect, test } from 'vitest';
import type { Deliver } from '../../../src/audit/follow/places.ts';
import { dayMs } from '../../../src/core/duration.ts';
import { monday, submit } from '../../store/example-requests.ts';
import { verified } from '../logs.ts';
import { openFollowed } from './followed.ts';

describe('a sink', () => {
  test('gets everything once and in order, with what came later after it', async () => {
    await using world = await openFollowed();
    const got: string[] = [];
    await world.submitted('a', 'b');
    const kept = world.following(async ({ lines }) => void got.push(...lines));
    await kept.look();
    await world.submitted('c');
    await kept.look();
    await kept.look();
    expect(verified(got)).toMatchObject({ entries: 3 });
    expect(verified(got).fault).toBeUndefined();
  });

  test('that is down loses nothing: it is asked again, later and later, and by no restart sooner', async () => {
    await using world = await openFollowed();
    await world.submitted('a');
    let isDown = true;
    const tries: number[] = [];
    const got: string[] = [];
    const deliver: Deliver = async ({ lines }) => {
      tries.push(world.now - monday);
      if (isDown) throw new Error('connection refused');
      got.push(...lines);
    };
    let kept = world.following(deliver);
    for (; world.now < monday + 16_000; world.now += 1_000) {
      await kept.look();
      if (world.now === monday + 4_000) kept = world.following(deliver);
    }
    // The restart after 4 s waits for what the row says, and begins anew with its own patience.
    expect(tries).toEqual([0, 1_000, 3_000, 7_000, 8_000, 10_000, 14_000]);
    isDown = false;
    world.now += dayMs;
    await world.submitted('b');
    await kept.look();
    expect(verified(got)).toMatchObject({ entries: 2 });
    expect(world.logged).toContain('the audit does not arrive there');
    expect(world.logged).toContain('the audit arrives there again');
  });

  test('that took it and never said so gets it again: at least once, never less', async () => {
    await using world = await openFollowed();
    const got: string[] = [];
    await world.submitted('a');
    let isLost = true;
    const kept = world.following(async ({ lines }) => {
      got.push(...lines);
      if (isLost) throw new Error('the answer was lost');
    });
    await kept.look();
    isLost = false;
    world.now += 2_000;
    await kept.look();
    expect(got).toHaveLength(2);
    expect(new Set(got).size).toBe(1);
  });

  test('of two replicas is told by one at a time', async () => {
    await using world = await openFollowed();
    await world.submitted('a');
    let inside = 0;
    let most = 0;
    const deliver: Deliver = async () => {
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside--;
    };
    await Promise.all([
      world.following(deliver).look(),
      world.following(deliver).look(),
      world.following(deliver).look(),
    ]);
    expect(most).toBe(1);
  });

  test('is told at once what a clock that was ahead has put off, also by whom it was killed', async () => {
    await using world = await openFollowed();
    const got: string[] = [];
    let isDying = false;
    const deliver: Deliver = async ({ lines }) => {
      if (isDying) await new Promise(() => undefined);
      got.push(...lines);
    };
    for (const dies of [false, true]) {
      isDying = dies;
      world.now = monday + 2 * dayMs;
      await submit(world.store, `while ahead ${dies}`);
      const ahead = world.following(deliver).look();
      if (dies) await new Promise(setImmediate);
      else await ahead;
      isDying = false;
      world.now = monday + 60_000;
      await submit(world.store, `after ${dies}`);
      await world.following(deliver).look();
    }
    expect(verified(got)).toMatchObject({ entries: 4 });
  });

  test('that lies about what it took is found out by verifying what it has', async () => {
    await using world = await openFollowed();
    const got: string[] = [];
    await world.submitted('a', 'b', 'c');
    const kept = world.following(
      async ({ lines }) => void got.push(...lines.filter((_, index) => index !== 1)),
    );
    await kept.look();
    expect(verified(got).fault).toBe('Event 2 is missing.');
  });

  test('never sees a secret that somebody typed', async () => {
    await using world = await openFollowed();
    const got: string[] = [];
    await submit(world.store, 'a', { input: { note: `token ${'gh'}p_${'a1B2'.repeat(9)}` } });
    await world.following(async ({ lines }) => void got.push(...lines)).look();
    expect(got.join()).not.toContain('a1B2');
    expect(verified(got)).toMatchObject({ entries: 1, withheld: 1 });
    expect(verified(got).fault).toBeUndefined();
  });
});
