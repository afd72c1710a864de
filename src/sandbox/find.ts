/** Finds interactive elements the way a person does: by what is written on them, or beside them. */
import type { MessageView, PersonView, Place, SlackBlock } from './protocol.ts';
import { plain } from './seen.ts';

export interface SeenElement {
  readonly place: Place;
  readonly block: SlackBlock;
  readonly element: ElementLike;
  /** Set when the label was that of an option of a menu. */
  readonly option?: OptionLike;
  /** Set when it stands in a message. */
  readonly message?: MessageView;
}

export interface ElementLike {
  readonly type: string;
  readonly action_id: string;
  readonly [key: string]: unknown;
}

export interface OptionLike {
  readonly text: { readonly text: string };
  readonly value: string;
}

/**
 * Everything that goes by this label: a button's text, an option of a menu, an input's label, a placeholder, or the
 * exact block or action id. What lies on top comes first: the open modal, then the newest message, then Home.
 */
export function findByLabel(view: PersonView, label: string): SeenElement[] {
  return placesOf(view).flatMap(({ place, blocks, message }) =>
    blocks.flatMap((block) =>
      elementsOf(block).flatMap((element) => {
        const found = { place, block, element, ...(message ? { message } : {}) };
        if (namesOf(block, element).some((name) => isSame(name, label))) return [found];
        const option = optionsOf(element).find((one) => isSame(one.text.text, label));
        return option ? [{ ...found, option }] : [];
      }),
    ),
  );
}

/** Labels of everything that can be used now, for a message that says what there was instead. */
export function labelsOf(view: PersonView): string[] {
  return placesOf(view).flatMap(({ blocks }) =>
    blocks.flatMap((block) =>
      elementsOf(block).map((element) => namesOf(block, element)[0] ?? element.action_id),
    ),
  );
}

export function optionsOf(element: ElementLike): readonly OptionLike[] {
  const groups = (element.option_groups ?? []) as readonly { options: readonly OptionLike[] }[];
  return (element.options as readonly OptionLike[] | undefined) ?? groups.flatMap((group) => group.options);
}

export function isSame(shown: string, label: string): boolean {
  return tidy(shown) === tidy(label);
}

interface PlaceSeen {
  readonly place: Place;
  readonly blocks: readonly SlackBlock[];
  readonly message?: MessageView;
}

function placesOf(view: PersonView): PlaceSeen[] {
  const modal = view.modals.at(-1);
  // A modal covers everything else.
  if (modal) return [{ place: { modal: modal.id }, blocks: modal.blocks }];
  const messages = view.channels
    .flatMap((channel) => channel.messages.flatMap((one) => [one, ...(one.thread?.replies ?? [])]))
    .toSorted((a, b) => (a.ts < b.ts ? 1 : -1))
    .map((message) => ({
      place: { message: { channel: message.channel, ts: message.ts } },
      blocks: [...(message.blocks ?? []), ...(message.attachments ?? []).flatMap((one) => one.blocks ?? [])],
      message,
    }));
  return [...messages, ...(view.home ? [{ place: { home: true as const }, blocks: view.home.blocks }] : [])];
}

function elementsOf(block: SlackBlock): ElementLike[] {
  const inside = [
    block.accessory,
    block.element,
    ...(block.type === 'actions' ? (block.elements as unknown[]) : []),
  ];
  return inside.filter(
    (one): one is ElementLike =>
      typeof one === 'object' && one !== null && 'action_id' in one && 'type' in one,
  );
}

function namesOf(block: SlackBlock, element: ElementLike): string[] {
  const label = block.type === 'input' ? textOf(block.label) : undefined;
  return [label, textOf(element.text), textOf(element.placeholder), block.block_id, element.action_id].filter(
    (name) => name !== undefined,
  );
}

function textOf(text: unknown): string | undefined {
  return typeof text === 'object' && text !== null && 'text' in text ? String(text.text) : undefined;
}

/** Case, emoji codes and spaces at the ends do not count. */
function tidy(text: string): string {
  return plain(text)
    .replace(/:[a-z0-9_+-]+:/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}
