/**
 * Says of a list of blocks what Slack would say: nothing, or messages with a JSON pointer each. What passes comes
 * back as Slack keeps it: with a block id and action ids, and with the defaults it adds.
 */
import type { z } from 'zod';
import type { SlackBlock } from '../../protocol.ts';
import { limits } from '../limits.ts';
import { type BlockType, blockSchemas, modalOnlyElements, type Surface, surfacesOf } from './blocks.ts';
import { type ElementObject, everyElement } from './walk.ts';

export interface BlockProblem {
  readonly message: string;
  /** `/blocks/0/text/text`. */
  readonly pointer: string;
}

export type BlocksResult =
  | { readonly ok: true; readonly blocks: readonly SlackBlock[] }
  | { readonly ok: false; readonly problems: readonly BlockProblem[] };

export interface ValidateOptions {
  readonly surface: Surface;
  /** Where the list stands in what was sent: `/blocks`, `/view/blocks`. */
  readonly pointer: string;
  /** Makes an id for a block or an action that has none. */
  readonly newId: () => string;
}

export function validateBlocks(input: unknown, options: ValidateOptions): BlocksResult {
  const { surface, pointer } = options;
  if (!Array.isArray(input)) return problem('must be an array', pointer);
  const max = surface === 'message' ? limits.blocksPerMessage.max : limits.blocksPerView.max;
  if (input.length > max) return problem(`no more than ${max} items allowed`, pointer);

  const problems = input.flatMap((block, index) => checkBlock(block, surface, `${pointer}/${index}`));
  if (problems.length > 0) return { ok: false, problems };
  const blocks = input.map((block) => completed(block, options.newId));
  const together = checkTogether(blocks, pointer);
  return together.length > 0 ? { ok: false, problems: together } : { ok: true, blocks };
}

/** Slack's wording of what is wrong, for `response_metadata.messages`. */
export function problemMessages(problems: readonly BlockProblem[]): string[] {
  return problems.map((one) => `[ERROR] ${one.message} [json-pointer:${one.pointer}]`);
}

export function zodProblems(error: z.ZodError, pointer: string): BlockProblem[] {
  return error.issues.map((issue) => ({
    message: wording(issue),
    pointer: [pointer, ...issue.path.map(String)].join('/'),
  }));
}

function checkBlock(block: unknown, surface: Surface, pointer: string): BlockProblem[] {
  if (!isObject(block)) return [{ message: 'must provide an object', pointer }];
  const type = String(block.type);
  if (!Object.hasOwn(blockSchemas, type))
    return [{ message: `unsupported type: ${type}`, pointer: `${pointer}/type` }];
  if (!surfacesOf[type as BlockType].includes(surface)) {
    return [
      { message: `unsupported type: ${type} is not available in a ${surface}`, pointer: `${pointer}/type` },
    ];
  }
  const parsed = blockSchemas[type as BlockType].safeParse(block);
  if (!parsed.success) return zodProblems(parsed.error, pointer);
  return everyElement([block as SlackBlock]).flatMap(({ element }) =>
    checkElement(element, type, surface, pointer),
  );
}

function checkElement(
  element: ElementObject,
  block: string,
  surface: Surface,
  pointer: string,
): BlockProblem[] {
  const problems: BlockProblem[] = [];
  const at = `${pointer}/${block === 'section' ? 'accessory' : block === 'input' ? 'element' : 'elements'}`;
  if (surface !== 'modal' && modalOnlyElements.has(element.type)) {
    problems.push({ message: `unsupported type: ${element.type} is only available in modals`, pointer: at });
  }
  if (surface === 'home' && element.type === 'datetimepicker') {
    problems.push({ message: 'unsupported type: datetimepicker is not available on Home', pointer: at });
  }
  const choices = optionsOf(element);
  for (const initial of initialOptionsOf(element)) {
    if (choices && !choices.some((choice) => choice.value === initial.value)) {
      problems.push({ message: 'initial option must match one of the options', pointer: at });
    }
  }
  return problems;
}

/** What only shows when all blocks are seen together: ids used twice, and lengths that are counted in sum. */
function checkTogether(blocks: readonly SlackBlock[], pointer: string): BlockProblem[] {
  const problems: BlockProblem[] = [];
  const seen = new Set<string>();
  blocks.forEach((block, index) => {
    if (seen.has(block.block_id)) {
      problems.push({ message: 'block_id must be unique', pointer: `${pointer}/${index}/block_id` });
    }
    seen.add(block.block_id);
    const actions = everyElement([block]).map(({ element }) => element.action_id);
    if (new Set(actions).size < actions.length) {
      problems.push({ message: 'action_id must be unique within a block', pointer: `${pointer}/${index}` });
    }
  });
  const sum = (type: string, length: (block: SlackBlock) => number) =>
    blocks.filter((block) => block.type === type).reduce((total, block) => total + length(block), 0);
  if (sum('markdown', (block) => String(block.text).length) > limits.markdownText.max) {
    problems.push({
      message: `must be less than ${limits.markdownText.max + 1} characters in total`,
      pointer,
    });
  }
  if (sum('table', tableLength) > limits.tableCharacters.max) {
    problems.push({
      message: `table must be less than ${limits.tableCharacters.max + 1} characters in total`,
      pointer,
    });
  }
  return problems;
}

function tableLength(block: SlackBlock): number {
  let length = 0;
  JSON.stringify(block.rows, (key, value) => {
    if (key === 'text' && typeof value === 'string') length += value.length;
    return value;
  });
  return length;
}

function completed(block: Record<string, unknown>, newId: () => string): SlackBlock {
  const copy = structuredClone(block) as Record<string, unknown> & { type: string };
  copy.block_id ??= newId();
  if (copy.type === 'input') {
    copy.optional ??= false;
    copy.dispatch_action ??= false;
  }
  addTextDefaults(copy);
  for (const { element } of everyElement([copy as SlackBlock])) {
    (element as { action_id?: string }).action_id ??= newId();
  }
  return copy as SlackBlock;
}

function addTextDefaults(node: unknown): void {
  if (Array.isArray(node)) {
    node.forEach(addTextDefaults);
    return;
  }
  if (!isObject(node) || node.type === 'rich_text') return;
  if (node.type === 'plain_text') node.emoji ??= true;
  if (node.type === 'mrkdwn') node.verbatim ??= false;
  Object.values(node).forEach(addTextDefaults);
}

interface OptionLike {
  readonly value: string;
}

export function optionsOf(element: ElementObject): readonly OptionLike[] | undefined {
  const groups = element.option_groups as readonly { options: readonly OptionLike[] }[] | undefined;
  return (element.options as readonly OptionLike[] | undefined) ?? groups?.flatMap((group) => group.options);
}

function initialOptionsOf(element: ElementObject): readonly OptionLike[] {
  const one = element.initial_option as OptionLike | undefined;
  return (element.initial_options as readonly OptionLike[] | undefined) ?? (one ? [one] : []);
}

function wording(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'array'
        ? `no more than ${issue.maximum} items allowed`
        : issue.origin === 'string'
          ? `must be less than ${Number(issue.maximum) + 1} characters`
          : `must be at most ${issue.maximum}`;
    case 'too_small':
      return issue.origin === 'array'
        ? `must have at least ${issue.minimum} item${issue.minimum === 1 ? '' : 's'}`
        : issue.origin === 'string'
          ? `must be more than ${Number(issue.minimum) - 1} characters`
          : `must be at least ${issue.minimum}`;
    case 'unrecognized_keys':
      return `invalid additional property: ${issue.keys.join(', ')}`;
    case 'invalid_union':
      return 'unsupported type';
    case 'invalid_type':
      return issue.input === undefined
        ? `missing required field: ${String(issue.path.at(-1))}`
        : `must provide a ${issue.expected}`;
    default:
      return issue.message;
  }
}

function problem(message: string, pointer: string): BlocksResult {
  return { ok: false, problems: [{ message, pointer }] };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
