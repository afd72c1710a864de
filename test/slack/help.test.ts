import { expect, test } from 'vitest';
import { loadActions } from '../../src/actions/load.ts';
import type { SlackMessage } from '../../src/slack/blocks.ts';
import { actionHelp, commandHelp } from '../../src/slack/help.ts';
import { problemMessage } from '../../src/slack/notices.ts';

const actions = await loadActions();
const env = [...actions.values()].filter(({ command }) => command.slash === '/env');
const create = env.find(({ command }) => command.verb === 'create');

function linesOf({ blocks }: SlackMessage): string[] {
  return blocks.flatMap((block) => {
    const texts = block.type === 'section' ? [block.text] : block.type === 'context' ? block.elements : [];
    return texts.flatMap((one) => (one && 'text' in one ? one.text.split('\n') : []));
  });
}

test('a command with many actions says each in one line: what most come for first, what removes last', () => {
  const lines = linesOf(commandHelp('/env', env)).filter(
    (line) => line.startsWith('`/env ') && !line.includes(' help'),
  );
  expect(lines).toHaveLength(env.length);
  expect(lines[0]).toBe('`/env create &lt;name&gt;` Make an environment of your own for a while.');
  expect(lines.at(-1)).toContain('/env destroy');
});

test('the help of one action has its examples, and says of each flag what it is and what stands without it', () => {
  if (!create) throw new Error('there is no /env create');
  const lines = linesOf(actionHelp(create, undefined)).join('\n');
  expect(lines).toContain('`/env create checkout-pr-12 --blueprint web-service --ttl 8h`');
  expect(lines).toContain('`--ttl` Time to live, 8h when not given. After this it is removed by itself');
});

test('what the sentence and its next step say already is not said again of the field', () => {
  const sentence = 'There is no blueprint "x".';
  const next = 'Choose web-service.';
  const message = problemMessage({ sentence, next, fields: { blueprint: `${sentence} ${next}` } }, 'ref');
  expect(JSON.stringify(message.blocks)).not.toContain('blueprint:');
});
