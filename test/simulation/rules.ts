/**
 * The guardrails that are in force in a simulation: as data, by which the model judges for itself, and as the file that
 * Greenlight reads. All spans are short, so that a seed sees the end of them.
 */
import { minuteMs } from '../../src/core/duration.ts';
import type { Moment } from '../../src/core/ids.ts';

export interface Rules {
  readonly name: string;
  /** What changing a thing needs; nothing: it runs at once. */
  readonly yes?: {
    readonly count: number;
    readonly from: readonly string[];
    readonly isNotForAuthors?: true;
    readonly needsComment?: true;
    readonly needsCode?: true | undefined;
  };
  /** It rests meanwhile. */
  readonly rests?: true;
}

/** Wednesday 2026-11-18 10:00 in Berlin. */
export const beginning: Moment = Date.UTC(2026, 10, 18, 9);

/** The freeze, from the beginning on; `wed 10:01` to `wed 10:03` in Berlin. */
const freeze = { fromMs: minuteMs, untilMs: 3 * minuteMs } as const;

export function isFrozen({ rests }: Rules, at: Moment): boolean {
  const passed = at - beginning;
  return rests === true && passed >= freeze.fromMs && passed < freeze.untilMs;
}

const two = { count: 2, from: ['sre', 'payments'] };
const one = { count: 1, from: ['sre', 'payments'] };

export const allRules: readonly Rules[] = [
  { name: 'at once' },
  { name: 'one person', yes: one },
  { name: 'two people', yes: two },
  { name: 'two people, no author', yes: { ...two, isNotForAuthors: true } },
  { name: 'one person of SRE, with a comment', yes: { count: 1, from: ['sre'], needsComment: true } },
  { name: 'one person with a code', yes: { ...one, needsCode: true } },
  { name: 'two people with a code each', yes: { ...two, needsCode: true } },
  { name: 'at once, but not in a freeze', rests: true },
  { name: 'one person, but not in a freeze', yes: one, rests: true },
];

/** Who may go past what people and windows say, in an emergency. */
export const glassBreakers: readonly string[] = ['sre', 'payments'];

export function policyText(rules: Rules): string {
  return `
expires_after: 6m
windows:
  rest:
    zone: Europe/Berlin
    weekly: { from: wed 10:01, to: wed 10:03 }
break_glass:
  who: [${glassBreakers.join(', ')}]
  on: thing.change
  bypasses: [approvals, windows]
  review: [sre, payments]
rules:
  - id: things
    on: thing.change
    ${rules.yes ? `require: { ${requirement(rules.yes)} }` : 'allow: things change by themselves'}
${rules.rests ? '  - { id: rest, on: thing.change, hold: { window: rest, because: things rest } }\n' : ''}\
  - id: own
    on: [lock.take, lock.release, lock.handover, lock.steal, approver.delegate, approver.undelegate]
    allow: everybody does this by themselves
  - id: environments
    on: [environment.create, environment.destroy, environment.extend, environment.sleep, environment.wake]
    allow: small ones run by themselves
  - id: large-environments
    on: environment.create
    when: input.cpu > 4
    require: { from: [sre, payments], because: more than 4 CPU }
  - id: longer-sleep
    on: environment.sleep
    when: environment.addedHours > 0
    require: { from: [sre, payments], because: it lives longer }
  - id: deploys
    on: [deploy, deploy.promote, deploy.rollback]
    ${rules.yes ? `require: { ${requirement({ ...rules.yes, needsCode: undefined })} }` : 'allow: deploys go out by themselves'}
`;
}

function requirement(yes: {
  readonly count: number;
  readonly from: readonly string[];
  readonly isNotForAuthors?: true | undefined;
  readonly needsComment?: true | undefined;
  readonly needsCode?: true | undefined;
}): string {
  return [
    `count: ${yes.count}`,
    `from: [${yes.from.join(', ')}]`,
    ...(yes.isNotForAuthors ? ['not: author'] : []),
    ...(yes.needsComment ? ['comment: required'] : []),
    ...(yes.needsCode ? ['step_up: code'] : []),
    'because: somebody looks at it',
  ].join(', ');
}
