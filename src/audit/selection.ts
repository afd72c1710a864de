/**
 * Which entries an export is to have. Who, which service and which control are asked of whole requests: an approval means
 * nothing without what was asked. So everything is seen once, and chosen when it passes again. Pure.
 */
import type { AuditEntry } from '../core/audit.ts';
import { factsOf, leavesOf, rulesIn } from './entry-facts.ts';
import { moment } from './fault-words.ts';

export interface SelectionOptions {
  /** A chat id or an e-mail address: requests in which they asked, answered or are named, and where they were refused. */
  readonly person?: string;
  readonly service?: string;
  /** The id of a rule of the guardrails: requests of which it has said something. */
  readonly control?: string;
  /** At or after, and before. */
  readonly since?: number;
  readonly until?: number;
}

export interface Selection {
  see(entry: AuditEntry): void;
  has(entry: AuditEntry): boolean;
  /** In words; `undefined` when it is everything. */
  readonly words: string | undefined;
}

export function createSelection(options: SelectionOptions): Selection {
  const { since = -Infinity, until = Infinity } = options;
  const tests = testsOf(options);
  const requests = tests.map(() => new Set<string>());
  return {
    see(entry) {
      const { request } = entry.link;
      if (request === undefined || entry.link.kind !== 'event') return;
      for (const [index, test] of tests.entries()) if (test(entry)) requests[index]?.add(request);
    },
    has(entry) {
      const { at, request } = entry.link;
      if (at < since || at >= until) return false;
      return tests.every(
        (test, index) => test(entry) || (request !== undefined && requests[index]?.has(request) === true),
      );
    },
    words: wordsOf(options),
  };
}

type Test = (entry: AuditEntry) => boolean;

function testsOf({ person, service, control }: SelectionOptions): Test[] {
  const tests: Test[] = [];
  if (person !== undefined) {
    const wanted = person.toLowerCase();
    tests.push(({ body }) => leavesOf(body).some(([, value]) => value.toLowerCase() === wanted));
  }
  if (service !== undefined) {
    tests.push((entry) => factsOf(entry).service === service || namesService(entry.body, service));
  }
  if (control !== undefined) tests.push(({ body }) => rulesIn(body).includes(control));
  return tests;
}

/** One that was asked for several services has them in its input alone. */
function namesService(body: unknown, service: string): boolean {
  return leavesOf(body).some(([field, value]) => serviceFields.has(field) && value === service);
}

const serviceFields: ReadonlySet<string> = new Set(['service', 'services']);

function wordsOf({ person, service, control, since, until }: SelectionOptions): string | undefined {
  const words = [
    ...(person === undefined ? [] : [`person ${person}`]),
    ...(service === undefined ? [] : [`service ${service}`]),
    ...(control === undefined ? [] : [`control ${control}`]),
    ...(since === undefined ? [] : [`since ${moment(since)}`]),
    ...(until === undefined ? [] : [`before ${moment(until)}`]),
  ];
  return words.length === 0 ? undefined : words.join(', ');
}
