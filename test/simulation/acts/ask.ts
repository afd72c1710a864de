/** Somebody asks for something. */
import type { Person } from '../../../src/core/person.ts';
import { type Deed, deliver } from './act.ts';

/** What is asked for. */
export interface Wish {
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Asking extends Wish {
  readonly by: Person;
  readonly isEmergency: boolean;
  /** The same delivery comes once more, so much later. */
  readonly againMs?: number;
}

export function ask({ by, action, input, isEmergency, againMs }: Asking): Deed {
  const glass = isEmergency ? ' and breaks glass' : '';
  const again = againMs === undefined ? '' : `, delivered again after ${againMs} ms`;
  return {
    words: `${by.name} asks for ${action} ${JSON.stringify(input)}${glass}${again}`,
    play(stage, name) {
      deliver(stage, againMs, () =>
        stage.say(name, async (desk) => {
          const requester = stage.people.now(by.id) ?? by;
          const submitted = await desk.submit({
            ...{ key: name, action, input, requester, origin: { surface: 'command' } },
            ...(isEmergency
              ? { bypass: { kind: 'break_glass', reason: 'customers cannot pay at all' } }
              : {}),
          });
          if (!submitted.ok) return submitted;
          stage.asked.set(name, submitted.value.id);
          return desk.decide(submitted.value.id);
        }),
      );
    },
  };
}
