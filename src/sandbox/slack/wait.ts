/** Waiting for what a person sees, without sleeping: looked at again whenever something changed. */
import { findByLabel } from '../find.ts';
import type { Condition, MessageView, PersonView, WaitOutcome, WaitRequest } from '../protocol.ts';
import { blocksText, messageText, screenText } from '../seen.ts';
import type { SlackContext } from './context.ts';
import { personView } from './screen.ts';

const waitMsDefault = 5000;
const waitMsMax = 60_000;

/** Bounded by real time: a wait that nobody ends must not hang a test. @throws Refusal no_such_person. */
export function waitFor(context: SlackContext, request: WaitRequest): Promise<WaitOutcome> {
  const { person, until } = request;
  const check = (): WaitOutcome | undefined => {
    const met = meets(personView(context, person), until);
    return met && { ok: true, ...(met.message ? { message: met.message } : {}) };
  };
  const already = check();
  if (already) return Promise.resolve(already);

  return new Promise((resolve) => {
    const timer = setTimeout(
      () => {
        stop();
        const sees = screenText(personView(context, person));
        resolve({
          ok: false,
          error: 'wait_timeout',
          message: `Waited in vain for ${JSON.stringify(until)}.`,
          sees,
        });
      },
      Math.min(request.withinMs ?? waitMsDefault, waitMsMax),
    );
    let isQueued = false;
    const stop = context.world.subscribe(() => {
      if (isQueued) return;
      isQueued = true;
      // Once per turn of the loop, however much changed in it.
      setImmediate(() => {
        isQueued = false;
        const outcome = check();
        if (!outcome) return;
        clearTimeout(timer);
        stop();
        resolve(outcome);
      });
    });
  });
}

function meets(view: PersonView, until: Condition): { message?: MessageView } | undefined {
  const when = (isMet: boolean) => (isMet ? {} : undefined);
  const has = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());
  switch (until.kind) {
    case 'message': {
      const message = messagesOf(view, until.channel)
        .toReversed()
        .find(
          (one) =>
            has(messageText(one, view.people), until.contains) &&
            (until.from === undefined || one.user === until.from) &&
            (until.ephemeral === undefined || (one.ephemeral ?? false) === until.ephemeral) &&
            (until.after === undefined || one.ts > until.after) &&
            (until.threadTs === undefined || one.threadTs === until.threadTs),
        );
      return message && { message };
    }
    case 'modal': {
      const top = view.modals.at(-1);
      return when(
        top !== undefined &&
          (until.callbackId === undefined || top.callbackId === until.callbackId) &&
          (until.title === undefined || top.title === until.title) &&
          (until.contains === undefined || has(blocksText(top.blocks, view.people), until.contains)),
      );
    }
    case 'no-modal':
      return when(view.modals.length === 0);
    case 'field-error': {
      const errors = Object.entries(view.modals.at(-1)?.errors ?? {});
      return when(
        errors.some(
          ([block, error]) =>
            has(error, until.contains) && (until.blockId === undefined || block === until.blockId),
        ),
      );
    }
    case 'home':
      return when(view.home !== undefined && has(blocksText(view.home.blocks, view.people), until.contains));
    case 'element':
      return when(
        findByLabel(view, until.label).some(
          ({ message }) => until.messageTs === undefined || message?.ts === until.messageTs,
        ),
      );
    case 'notice':
      return when(view.notices.some((notice) => has(notice.text, until.contains)));
    case 'app':
      return when(view.connection.connected === until.connected);
    default:
      return until satisfies never;
  }
}

/** Replies included, in the order of time. */
function messagesOf(view: PersonView, channel: string | undefined): MessageView[] {
  const name = channel?.replace(/^#/, '');
  return view.channels
    .filter((one) => name === undefined || one.id === name || one.name === name)
    .flatMap((one) => one.messages.flatMap((message) => [message, ...(message.thread?.replies ?? [])]))
    .toSorted((a, b) => (a.ts < b.ts ? -1 : 1));
}
