/** What every message, modal and Home of ours must keep, by the Slack box's own rules and by good behaviour. */

import type { HomeView, ModalView } from '@slack/types';
import { expect } from 'vitest';
import { validateBlocks } from '../../src/sandbox/slack/block-kit/validate.ts';
import type { SlackMessage } from '../../src/slack/blocks.ts';
import { maxOf } from '../../src/slack/limits.ts';

export function expectGoodMessage(message: SlackMessage): void {
  expect(message.text.length).toBeGreaterThan(5);
  expect(message.text.length).toBeLessThanOrEqual(maxOf('messageText'));
  expectGoodBlocks(message.blocks, 'message');
  expectNoMarkup(message.text);
}

export function expectGoodModal(view: ModalView): void {
  expect(view.title.text.length).toBeLessThanOrEqual(maxOf('viewTitle'));
  expect(view.submit?.text.length ?? 0).toBeLessThanOrEqual(maxOf('viewButton'));
  expect(view.private_metadata?.length ?? 0).toBeLessThanOrEqual(maxOf('privateMetadata'));
  expectGoodBlocks(view.blocks, 'modal');
}

export function expectGoodHome(view: HomeView): void {
  expect(view.blocks.length).toBeLessThanOrEqual(maxOf('blocksPerView'));
  expectGoodBlocks(view.blocks, 'home');
}

function expectGoodBlocks(blocks: readonly unknown[], surface: 'message' | 'modal' | 'home'): void {
  let made = 0;
  const result = validateBlocks(structuredClone(blocks), {
    surface,
    pointer: '/blocks',
    newId: () => `id${made++}`,
  });
  expect(result).toMatchObject({ ok: true });
  for (const text of textsOf(blocks, 'mrkdwn')) expectNoMarkup(text);
}

/** Nobody's text became a ping, a mention or a link with a label of their choice. */
function expectNoMarkup(mrkdwn: string): void {
  expect(mrkdwn).not.toMatch(/<!(?:channel|here|everyone|subteam)/);
  expect(mrkdwn).not.toContain('<@U0EVIL');
  expect(mrkdwn).not.toContain('<https://evil.example|click>');
}

/** Everything of this type in it: buttons, images, texts. */
export function elementsOf(node: unknown, type: string): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  JSON.stringify(node, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'type' in value && value.type === type) {
      found.push(value as Record<string, unknown>);
    }
    return value;
  });
  return found;
}

/** Every text of that type, wherever it stands. */
export function textsOf(node: unknown, type: string): string[] {
  const found: string[] = [];
  JSON.stringify(node, (_key, value: unknown) => {
    if (
      typeof value === 'object' &&
      value !== null &&
      'type' in value &&
      value.type === type &&
      'text' in value
    ) {
      found.push(String(value.text));
    }
    return value;
  });
  return found;
}
