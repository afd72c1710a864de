/** `/code reset`: somebody has lost their telephone. Never one's own: a stolen session could do that, too. */
import { z } from 'zod';
import { type ChangeAction, defineAction, type FieldMeta, type ReadContext } from '../core/action.ts';
import { isSamePerson, type Person } from '../core/person.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { codeTarget } from './code/target.ts';

const input = z.strictObject({
  person: z
    .string()
    .min(1)
    .max(100)
    .meta({
      title: 'Whose',
      description: 'By @mention or e-mail address. Make sure that it is they who asked you.',
      choices: 'people',
      decides: true,
    } satisfies FieldMeta),
});
type Input = z.infer<typeof input>;

const codeReset: ChangeAction<typeof input> = {
  title: 'Reset a second factor',
  summary: 'Forget the key of somebody who has lost their authenticator app.',
  effect: 'change',
  channel: 'requests',
  command: {
    slash: '/code',
    verb: 'reset',
    noun: 'the second factor of',
    positional: [{ field: 'person' }],
    examples: ['/code reset priya@acme.example'],
  },
  input,

  target: () => codeTarget,

  async preview(asked, context) {
    const person = await other(asked, context);
    const since = await context.codes.enrolledAt(person);
    return {
      sentence: `Forgets the key of ${person.name}'s authenticator app: its codes no longer count. They are told.`,
      details: [{ label: 'Whose', value: person.name }],
      commits: [],
      // A key that was made since is another one, of which nobody has agreed that it goes.
      resolved: { person: person.id, since: String(since ?? 'none') },
      called: { person: person.name },
      cautions: since === undefined ? [`${person.name} has none at this moment.`] : [],
    };
  },

  steps: () => [
    {
      id: 'forgotten',
      title: 'Key forgotten',
      async do(asked, context) {
        const person = await other(asked, context);
        // After a crash in between they may have set up a new one already, which is not what was asked for.
        const since = await context.codes.enrolledAt(person);
        const isNewer = since !== undefined && String(since) !== context.resolved.since;
        if (isNewer) return { state: 'done', note: 'a new one was set up meanwhile, and stays' };
        const was = await context.codes.reset(person, context.requester);
        return { state: 'done', ...(was ? {} : { note: 'there was none' }) };
      },
    },
  ],

  outputs: () => ({ links: [], notes: ['They can set up a new one: `/code enrol`.'] }),
};

export default defineAction(codeReset);

/** @throws ProblemError when there is no such member, or it is the person who asks. */
async function other({ person: named }: Input, context: ReadContext): Promise<Person> {
  const person = await context.member(named);
  if (!isSamePerson(person, context.requester)) return person;
  throw new ProblemError(
    problem(
      'bad_input',
      'Nobody resets their own second factor.',
      'Ask a platform lead, or somebody of SRE.',
    ),
  );
}
