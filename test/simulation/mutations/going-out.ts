/** Guards of deploys by pull request and by image. */
import type { Mutation } from './mutation.ts';

export const goingOut: readonly Mutation[] = [
  {
    name: 'proposing: whoever was overtaken writes on',
    edits: [
      {
        file: 'runner/while-ours.ts',
        find: "propose: 'writes in turn',",
        replace: "propose: 'writes',",
      },
    ],
    breaks: ['every effect once', 'no effect without a yes'],
  },
  {
    name: 'merging: whoever was overtaken still asks for it',
    edits: [
      {
        file: 'runner/while-ours.ts',
        find: "merge: 'writes',\n  withdraw",
        replace: "merge: 'reads',\n  withdraw",
      },
    ],
    breaks: ['no effect without a yes'],
  },
  {
    name: 'proposing: what is committed already is committed again',
    edits: [{ file: 'platforms/github/pulls.ts', find: 'if (changed === text) return;', replace: '' }],
    breaks: ['every effect once'],
  },
  {
    name: 'image: what was taken back stays set',
    edits: [
      {
        file: 'actions/deploy/by-image.ts',
        find: 'await setImage(delivery, context, former, tagOf(former));',
        replace: 'void tagOf;',
      },
    ],
    breaks: ['undone is undone'],
  },
];
