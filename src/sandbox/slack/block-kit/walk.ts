/** Finds the interactive elements of a list of blocks. */
import type { SlackBlock } from '../../protocol.ts';
import { elementSchemas } from './elements.ts';

export interface ElementObject {
  readonly type: string;
  readonly action_id: string;
  readonly [key: string]: unknown;
}

export interface FoundElement {
  readonly block: SlackBlock;
  readonly element: ElementObject;
}

/** In the order a reader meets them. */
export function everyElement(blocks: readonly SlackBlock[]): FoundElement[] {
  return blocks.flatMap((block) =>
    candidates(block)
      .filter(isElement)
      .map((element) => ({ block, element })),
  );
}

export function findElement(
  blocks: readonly SlackBlock[],
  blockId: string,
  actionId: string,
): FoundElement | undefined {
  return everyElement(blocks).find(
    ({ block, element }) => block.block_id === blockId && element.action_id === actionId,
  );
}

function candidates(block: SlackBlock): readonly unknown[] {
  if (block.type === 'section') return [block.accessory];
  if (block.type === 'input') return [block.element];
  if (block.type === 'actions') return block.elements as readonly unknown[];
  return [];
}

function isElement(value: unknown): value is ElementObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    Object.hasOwn(elementSchemas, value.type)
  );
}
