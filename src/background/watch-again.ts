/** What a watch asks again and again: with the person and the rights of this moment, not of the one it began in. */
import type { Answer } from '../core/action.ts';
import type { Directory } from '../core/ports.ts';
import { problemFrom, type Result, refuse } from '../core/problem.ts';
import type { Watch } from '../core/watch.ts';
import type { Desk } from '../desk/desk.ts';

export async function askAgain(watch: Watch, desk: Desk, directory: Directory): Promise<Result<Answer>> {
  try {
    const requester = await directory.person(watch.by);
    const { action, input } = watch;
    return await desk.answer({
      ...{ key: '', action, input, requester },
      origin: { surface: 'system' },
      isRepeated: true,
    });
  } catch (error) {
    return refuse(problemFrom(error));
  }
}
