/** What Greenlight promises, by the names under which a broken one is reported. */
export const promises = {
  'no effect without a yes':
    'Nothing takes effect outside without a verdict that lets it through at that moment and, where it asks for people, enough of them.',
  'one run per lock': 'Of two runs that need the same thing for themselves, one waits.',
  'every effect once': 'What a step does outside happens at most once.',
  'every request ends': 'Once all is well again, every request ends.',
  'the card tells the truth':
    'At rest every card shows its request as it is, once, and nothing else is there.',
  'told once': 'What mentions people is said exactly once.',
  'the chain holds': 'Every event is in the audit, and its chain verifies.',
  'undone is undone': 'A run that was taken back leaves the world as it was before.',
  'found once':
    'An environment that somebody removes by hand is found gone, and told once; one that is there never is.',
  'one holder': 'One replica at a time carries a request on, and one that lost it changes nothing.',
  'no lost update': 'Every change was decided on the newest state of its request.',
  'one ask, one request': 'The same ask, however often it arrives, is one request.',
  'a request is its events': 'What is kept of a request is the fold of its events.',
  'intent before effect': 'Before anything happens outside it is written down that it is about to.',
  'a result is kept': 'What a step brought back is there for the steps after it.',
  'a code once': 'A second factor is spent at most once.',
  'somebody looks at emergencies': 'Whoever broke glass does so again only after somebody has looked at it.',
  'answers are for what was seen': 'An answer counts only for exactly what stood on the card.',
  'no false clock': 'Nothing in a run looks at the real time, or at real chance.',
  'nobody stumbles': 'What goes wrong is a problem that was foreseen.',
} as const;
export type PromiseName = keyof typeof promises;

export class BrokenPromise extends Error {
  readonly promise: PromiseName;
  constructor(promise: PromiseName, detail: string) {
    super(`${promise}: ${detail}`);
    this.promise = promise;
  }
}
