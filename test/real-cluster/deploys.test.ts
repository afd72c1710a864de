/** A deploy by image on whichever cluster there is, and the way back by what that cluster itself remembers. */
import { beforeAll, expect, test } from 'vitest';
import { summaryOf } from '../actions/example-world.ts';
import { openDesk, type RealDesk } from './desk.ts';
import { realWorld, serving } from './world.ts';

const world = realWorld();
const place = { service: 'web', environment: 'test' };
let desk: RealDesk;
beforeAll(async () => {
  desk = await openDesk(world());
});

test('another image goes out, recorded at GitHub, and the former one comes back', async (context) => {
  const { cluster, namespace, image, nextImage } = world();
  if (nextImage === undefined) {
    const reason = 'GREENLIGHT_TEST_NEXT_IMAGE names no second image: there is nothing to deploy.';
    process.stderr.write(`${reason}\n`);
    context.skip(reason);
  }
  await serving(world());
  const deployed = await desk.run('deploy', { ...place, version: 'v0.9.4' });
  expect(deployed, summaryOf(deployed)).toMatchObject({ status: 'succeeded' });
  expect(await cluster.image(namespace, 'web')).toBe(nextImage);
  expect(await cluster.workload(namespace, 'web')).toMatchObject({ version: '0.9.4', isSettled: true });

  const back = await desk.run('deploy.rollback', place);
  expect(back, summaryOf(back)).toMatchObject({ status: 'succeeded' });
  expect(back.preview?.resolved).toMatchObject({ revision: '1', image });
  expect(await cluster.image(namespace, 'web')).toBe(image);
  expect(await cluster.workload(namespace, 'web')).toMatchObject({ isSettled: true });
});
