/** A Messenger that writes down what it is asked, and fails when told to. */
import type { Clock, Messenger } from '../../src/core/ports.ts';
import { type Problem, ProblemError } from '../../src/core/problem.ts';

export interface Sent {
  readonly at: number;
  /** `post REQ-1 v2`, `edit REQ-1 v3`, `tell REQ-1:waiting:1`. */
  readonly what: string;
}

export interface RecordingMessenger extends Messenger {
  readonly sent: Sent[];
  /** The next calls fail with these, one each, before anything is sent. */
  readonly failures: Problem[];
  /** Fails only calls of this kind of channel when set. */
  failing?: 'requests' | 'deploys' | undefined;
  /** Runs while a message is on its way. */
  onTheWay?: ((what: string) => Promise<void>) | undefined;
  /** The messages that people have deleted, by ts. */
  readonly gone: Set<string>;
}

export function createRecordingMessenger(clock: Clock): RecordingMessenger {
  const sent: Sent[] = [];
  const failures: Problem[] = [];
  const gone = new Set<string>();
  let posts = 0;

  async function send(channel: 'requests' | 'deploys', what: string): Promise<void> {
    await recorder.onTheWay?.(what);
    const isFailing = recorder.failing === undefined || recorder.failing === channel;
    const failure = isFailing ? failures.shift() : undefined;
    if (failure) throw new ProblemError(failure);
    sent.push({ at: clock.now(), what });
  }

  const recorder: RecordingMessenger = {
    sent,
    failures,
    gone,
    async showCard(request, history, posted) {
      const isEdit = posted !== undefined && !gone.has(posted.ts);
      await send(request.channel, `${isEdit ? 'edit' : 'post'} ${request.id} v${history.length}`);
      if (isEdit) return { ...posted, shownVersion: request.version };
      posts += 1;
      return { channel: `C-${request.channel}`, ts: `${posts}.0`, shownVersion: request.version };
    },
    async tell(notice, request, posted) {
      await send(request.channel, `tell ${notice.key} under ${posted.ts}`);
    },
  };
  return recorder;
}
