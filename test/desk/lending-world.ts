/** A desk at which people lend their voices: Olga and Sam are SRE, Lee leads the platform. */
import type { Person } from '../../src/core/person.ts';
import { type DeskWorld, deskWorld, person } from './desk-world.ts';

const lend = `
  - id: away
    on: [approver.delegate, approver.undelegate]
    allow: whoever is away says who answers for them
`;
export const bySre = (more = '', count = 1) => `${lend}
  - id: things
    on: thing.change
    require: { count: ${count}, from: [sre], because: sre looks at it${more} }
`;
export const olga = person('U0OLGA', 'Olga');

export async function lendingWorld(rules = bySre()): Promise<DeskWorld> {
  const world = await deskWorld(rules);
  world.outside.people.set(olga.id, olga);
  world.startRunner();
  return world;
}

let asks = 0;
export async function say(
  world: DeskWorld,
  action: string,
  requester: Person,
  input: Record<string, unknown>,
) {
  asks += 1;
  const submitted = await world.desk.submit({
    ...{ key: `say ${asks}`, action, input, requester, origin: { surface: 'command' as const } },
  });
  if (!submitted.ok) return submitted;
  const decided = await world.desk.decide(submitted.value.id);
  await world.pass(0);
  return decided;
}
export const delegate = (world: DeskWorld, from: Person, to: Person, until = '3d') =>
  say(world, 'approver.delegate', from, { to: to.email ?? '', until, note: 'holiday' });
