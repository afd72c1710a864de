/** The field for a code of an authenticator app, wherever one is asked for. Pure. */
import type { InputBlock } from '@slack/types';
import { readCode } from '../../core/codes.ts';
import { plain } from '../blocks.ts';
import type { ViewState } from './read-state.ts';

export const codeBlock = 'code';

export interface CodeWords {
  readonly label: string;
  readonly hint: string;
}

const ofAnswer: CodeWords = {
  label: 'Code',
  hint: 'The six digits that your authenticator app shows for Greenlight now. They count once.',
};

/** As it is shown by some apps: two groups with a space between. */
const longest = 7;

export function codeInput(words: CodeWords = ofAnswer, block: string = codeBlock): InputBlock {
  return {
    type: 'input',
    block_id: block,
    label: plain(words.label),
    hint: plain(words.hint),
    element: {
      ...{ type: 'plain_text_input', action_id: 'code', min_length: 6, max_length: longest },
      placeholder: plain('123 456'),
    },
  };
}

/** What was typed; `undefined` when the form did not ask. */
export function typedCode(state: ViewState, block: string = codeBlock): string | undefined {
  const field = state.values[block];
  return field && (Object.values(field)[0]?.value ?? '');
}

/** What is wrong with it, in words for its field, before anybody tries whether it is right. */
export function codeMistake(typed: string): string | undefined {
  return readCode(typed) === undefined ? 'Type the six digits that your app shows.' : undefined;
}
