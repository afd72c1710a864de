/** A Messenger that writes down what it is asked, and fails when told to, as the real one does. */
import type { Clock, Messenger, Notice } from '../../src/core/ports.ts';
import { slackProblem } from '../../src/slack/errors.ts';

export interface Sent {
  readonly at: number;
  /** `post REQ-1 v2`, `edit REQ-1 v3`, `tell REQ-1:waiting:1`, `take back 2.0`. */
  readonly what: string;
}

export interface RecordingMessenger extends Messenger {
  readonly sent: Sent[];
  /** The next calls fail with these, one each, before anything is sent. As Slack's client throws them. */
  readonly failures: unknown[];
  /** Fails only calls of this method, or in this kind of channel, when set. */
  failing?: string | undefined;
  /** Runs while a message is on its way. */
  onTheWay?: ((what: string) => Promise<void>) | undefined;
  /** The messages that people have deleted, by ts. */
  readonly gone: Set<string>;
}

/** `workspace`: several share what is there. */
export function createRecordingMessenger(clock: Clock, workspace = { posts: 0 }): RecordingMessenger {
  const sent: Sent[] = [];
  const failures: unknown[] = [];
  const gone = new Set<string>();

  async function send(method: string, channel: string, what: string): Promise<void> {
    await recorder.onTheWay?.(what);
    const isFailing = recorder.failing === undefined || [method, channel].includes(recorder.failing);
    if (isFailing && failures.length > 0) throw slackProblem(failures.shift(), method);
    sent.push({ at: clock.now(), what });
  }

  const recorder: RecordingMessenger = {
    sent,
    failures,
    gone,
    firstCall: ({ channel }, posted, notice) => ({
      method: posted && !notice ? 'chat.update' : 'chat.postMessage',
      channel: placeOf(notice, channel),
    }),
    async showCard(request, history, posted, { turn } = {}) {
      const { channel } = request;
      const version = `${request.id} v${history.length}`;
      if (posted) {
        await turn?.({ method: 'chat.update', channel });
        if (!gone.has(posted.ts)) {
          await send('chat.update', channel, `edit ${version}`);
          return { ...posted, shownVersion: request.version };
        }
      }
      await turn?.({ method: 'chat.postMessage', channel });
      await send('chat.postMessage', channel, `post ${version}`);
      workspace.posts += 1;
      return { channel: `C-${channel}`, ts: `${workspace.posts}.0`, shownVersion: request.version };
    },
    async tell(notice, request, posted, { turn } = {}) {
      const channel = placeOf(notice, request.channel);
      await turn?.({ method: 'chat.postMessage', channel });
      if (gone.has(posted?.ts ?? '')) return false;
      await send('chat.postMessage', channel, `tell ${notice.key} under ${posted?.ts ?? 'no card'}`);
      return true;
    },
    async takeBack({ ts }) {
      sent.push({ at: clock.now(), what: `take back ${ts}` });
    },
  };
  return recorder;
}

function placeOf(notice: Notice | undefined, channel: string): string {
  if (notice?.kind === 'lock_idle') return 'its holder';
  return notice?.kind === 'glass_broken' ? 'alerts' : channel;
}
