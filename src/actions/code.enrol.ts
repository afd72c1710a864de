/** `/code enrol`: a key for one's authenticator app. The key itself is shown by the form, never by an answer. */
import { z } from 'zod';
import { defineAction, type ReadAction } from '../core/action.ts';
import { enrolCommand } from '../core/codes.ts';
import { codeTarget } from './code/target.ts';

const input = z.strictObject({});

const codeEnrol: ReadAction<typeof input> = {
  title: 'Set up a second factor',
  summary: 'Connect your authenticator app, for answers that need a code.',
  effect: 'read',
  command: {
    slash: '/code',
    verb: 'enrol',
    isMain: true,
    spoken: 'set up',
    noun: 'a second factor',
    positional: [],
    examples: ['/code enrol'],
  },
  input,

  target: () => codeTarget,

  async answer() {
    return {
      title: 'Second factor',
      sentence: `Type \`${enrolCommand}\` to see a key for your authenticator app.`,
      sections: [],
      links: [],
      isPersonal: true,
      opens: 'enrolment',
      next: [],
    };
  },
};

export default defineAction(codeEnrol);
