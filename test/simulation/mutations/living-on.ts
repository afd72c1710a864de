/** Guards of what lives on: environments that sleep and wake, and that somebody removes by hand. */
import type { Mutation } from './mutation.ts';

export const livingOn: readonly Mutation[] = [
  {
    name: 'sleep: taken back, and nothing is woken',
    edits: [
      {
        file: 'actions/environment.sleep.ts',
        find: 'undo: (asked, context) => wakeAgain(asked.name, context),',
        replace: "undo: async (_asked, _context) => ({ state: 'done', note: String(!wakeAgain) }),",
      },
    ],
    breaks: ['undone is undone'],
  },
  {
    name: 'waking: what never got ready is left half awake',
    edits: [
      {
        file: 'actions/environment.wake.ts',
        find: 'await lull(cluster, ref, number);',
        replace: 'void [lull, cluster, ref, number];',
      },
    ],
    breaks: ['undone is undone'],
  },
  {
    name: 'waking: whoever was overtaken still wakes it',
    edits: [
      {
        file: 'runner/while-ours.ts',
        find: "merge: 'writes in turn',\n  reapply",
        replace: "merge: 'reads',\n  reapply",
      },
    ],
    breaks: ['no effect without a yes'],
  },
  {
    name: 'environments: two change one at once',
    edits: [
      {
        file: 'desk/locks.ts',
        find: 'return { keys: [environmentLockKey(target.name)] };',
        replace: 'return void environmentLockKey;',
      },
    ],
    breaks: ['one run per lock'],
  },
  {
    name: 'leader: whoever takes over does not begin',
    edits: [
      {
        file: 'background/leader-work.ts',
        find: 'leadership.current() !== undefined',
        replace: 'leadership.current()?.fence === 1',
      },
    ],
    breaks: ['found once'],
  },
];
