/** Somebody answers, edits or takes back what was asked for. */
import { codeAt } from '../../../src/codes/time-codes.ts';
import type { RequestId } from '../../../src/core/ids.ts';
import type { Person } from '../../../src/core/person.ts';
import type { Review } from '../../../src/core/verdict.ts';
import type { Desk } from '../../../src/desk/desk.ts';
import type { Known } from '../model/known.ts';
import { type Deed, deliver, type Stage } from './act.ts';

interface Clicking {
  /** The act that asked. */
  readonly about: string;
  readonly by: Person;
  /** The same click comes once more, so much later. */
  readonly againMs?: number;
}

export interface Answering extends Clicking {
  readonly decision: Review['decision'];
  /** What they look at has been lying there for a while. */
  readonly isStale: boolean;
  readonly hasNote: boolean;
  readonly hasCode: boolean;
  readonly narrowTo?: number;
}

export function answer(given: Answering): Deed {
  const { about, by, decision, isStale, hasNote, hasCode, narrowTo, againMs } = given;
  return {
    words: `${by.name} says ${decision} to ${about}${isStale ? ' as it was at first' : ''}${againMs === undefined ? '' : ', twice'}`,
    play(stage, name) {
      clickOn(stage, name, given, (desk, { id, known, person }) => {
        const seen = (isStale ? known?.digests[0] : known?.digests.at(-1)) ?? '';
        stage.model.clicks(id, person, narrowTo === undefined ? seen : 'less');
        return desk.review({
          ...{ id, by: person, decision, digest: seen },
          ...(hasNote ? { note: 'looked at it' } : {}),
          ...(hasCode ? { code: codeAt(stage.keys.get(person.id) ?? '', stage.timeline.now()) } : {}),
          ...(narrowTo === undefined ? {} : { narrowTo: { size: narrowTo } }),
        });
      });
    },
  };
}

export function edit(clicking: Clicking & { readonly size: number }): Deed {
  const { by, about, size } = clicking;
  return {
    words: `${by.name} edits ${about}`,
    play: (stage, name) =>
      clickOn(stage, name, clicking, (desk, { id, known, person }) =>
        desk.edit({ id, by: person, input: { ...known?.input, size }, digest: known?.digests.at(-1) ?? '' }),
      ),
  };
}

const clicks = {
  cancel: (desk, id, by) => desk.cancel(id, by),
  withdraw: (desk, id, by) => desk.withdraw(id, by),
  'look afterwards': (desk, id, by) => desk.reviewGlass(id, by, 'it was needed'),
} satisfies Record<string, (desk: Desk, id: RequestId, by: Person) => Promise<unknown>>;

export function click(kind: keyof typeof clicks, clicking: Clicking): Deed {
  return {
    words: `${clicking.by.name}: ${kind} ${clicking.about}`,
    play: (stage, name) =>
      clickOn(stage, name, clicking, (desk, { id, person }) => clicks[kind](desk, id, person)),
  };
}

/** Nothing, when what it is about was never made. */
function clickOn(
  stage: Stage,
  name: string,
  { about, by, againMs }: Clicking,
  words: (
    desk: Desk,
    on: { readonly id: RequestId; readonly known: Known | undefined; readonly person: Person },
  ) => Promise<unknown>,
): void {
  const id = stage.asked.get(about);
  if (id === undefined) return;
  deliver(stage, againMs, () =>
    stage.say(name, (desk) =>
      words(desk, { id, known: stage.model.requests.get(id), person: stage.people.now(by.id) ?? by }),
    ),
  );
}
