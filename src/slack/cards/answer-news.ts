/** What became of answers: who waits for an edit, who let less through, and why earlier ones no longer count. */
import type { KnownBlock } from '@slack/types';
import { redactSecrets } from '../../core/redact.ts';
import type { PlatformRequest } from '../../core/request.ts';
import { fit, listOf } from '../../core/text.ts';
import type { Quorum } from '../../core/verdict.ts';
import { bold, context, date, inline, quote, section } from '../blocks.ts';
import { changesText, narrowedText } from '../change-words.ts';
import { wishMax } from '../forms/metadata.ts';
import { lapsedText } from '../words.ts';

const changesShownMax = 3;

/** While it waits: whom for, when it is its requester, and whose answers are void. */
export function answerNewsBlocks(request: PlatformRequest, { changesAsked = [] }: Quorum): KnownBlock[] {
  const { lapsed = [] } = request;
  const shown = changesAsked.slice(-changesShownMax);
  return [
    ...(shown.length === 0
      ? []
      : [
          section(
            `${bold('Changes asked')}: it waits for ${inline(request.requester.name, 80)} to edit it, or for whoever asked to take that back.`,
          ),
        ]),
    ...shown.flatMap(({ name, at, note }) => [
      context(`✎ ${inline(name, 80)} asked for changes ${date(at)}`),
      ...(note ? [quote(note)] : []),
    ]),
    ...voidBlocks(request),
    ...(lapsed.length === 0 ? [] : [context(`${inline(lapsedText(lapsed), 400)}.`)]),
  ];
}

/** In every state: what runs is not what was asked for at first. */
export function narrowedBlocks({ narrowed = [] }: PlatformRequest): KnownBlock[] {
  const lines = narrowed.map(
    ({ by, changes }) => `Narrowed by ${inline(by.name, 80)} ${inline(narrowedText(changes), 400)}.`,
  );
  return lines.length === 0 ? [] : [context(lines.join('\n'))];
}

function voidBlocks({ moved, lastEdit, voided = [] }: PlatformRequest): KnownBlock[] {
  if (moved) {
    return [context(`It has changed, so earlier answers no longer count: ${inline(listOf(moved), 600)}.`)];
  }
  if (!lastEdit) return [];
  const count = voided.length > 0 ? ', so earlier answers no longer count' : '';
  return [context(`Edited by its requester${count}: ${inline(changesText(lastEdit), 400)}.`)];
}

/** What an approver wants otherwise, for the form that edits it: the last one's words. Plain text. */
export function wishOf({ changesAsked = [] }: Quorum): string | undefined {
  const last = changesAsked.at(-1);
  // Before it is cut: half a token is none by its form.
  return last && fit(redactSecrets(`${last.name} asks for changes: ${last.note ?? ''}`), wishMax);
}

/** Of one that waits for its requester rather than for an answer; `undefined` for any other. */
export function changesAskedText({ changesAsked = [] }: Quorum): string | undefined {
  if (changesAsked.length === 0) return undefined;
  const names = listOf([...new Set(changesAsked.map(({ name }) => name))]);
  return `waiting for its requester, ${names} asked for changes`;
}
