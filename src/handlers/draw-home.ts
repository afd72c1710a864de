/** One person's Home as of now; who may not use Greenlight at all reads why. */
import type { PersonId } from '../core/ids.ts';
import type { Clock, Directory } from '../core/ports.ts';
import type { Desk } from '../desk/desk.ts';
import type { CardContext } from '../slack/cards.ts';
import { closedHome, homeView } from '../slack/home.ts';
import type { DrawnHome } from '../slack/homes.ts';
import { admit } from './deps.ts';

export interface HomeSources {
  readonly desk: Pick<Desk, 'home'>;
  readonly directory: Directory;
  readonly cards: CardContext;
  readonly clock: Clock;
}

/** @throws ProblemError when what stands on it cannot be read now. */
export async function drawHome(sources: HomeSources, id: PersonId): Promise<DrawnHome> {
  const person = await admit(sources, { user: id });
  if (!person.ok) return { view: closedHome(person.problem), concerns: () => false };
  const home = await sources.desk.home(person.value);
  return { view: homeView(home, sources.cards, sources.clock.now()), concerns: home.concerns };
}
