/** What can be wrong with a Deployment, as kinds that each have another remedy. */

/** Worst first: the order in which troubles are told. */
export const stories = [
  'cannot_create',
  'paused',
  'image',
  'memory',
  'crash',
  'config',
  'unschedulable',
  'unready',
  'no_progress',
  'restarted',
] as const;
export type Story = (typeof stories)[number];

export interface Trouble {
  readonly story: Story;
  readonly text: string;
  /** Whether waiting longer may help. */
  readonly mayRecover: boolean;
}
