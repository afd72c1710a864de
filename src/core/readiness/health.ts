/** How one object is, and the sentence that says why. */
import { redactLog } from '../redact.ts';
import { fit } from '../text.ts';
import type { Observed } from './observed.ts';

export const healthStates = ['failed', 'progressing', 'suspended', 'unknown', 'ready'] as const;
export type HealthState = (typeof healthStates)[number];

export interface Health {
  readonly state: HealthState;
  /** One sentence for a person: "The HelmRelease shop failed: chart not found." Plain text; whoever draws it escapes it. */
  readonly why: string;
}

/** In UTF-16 units: what stays readable on one or two lines of a card. */
const whyMax = 240;
/** Looked through for secrets: an object may say megabytes, and looking through those takes seconds. */
const saidMax = 4_000;

/** What the operator itself says follows the fact, without secrets and line breaks. */
export function health(state: HealthState, { kind, name }: Observed, fact: string, said = ''): Health {
  const quoted = redactLog(said.slice(0, saidMax)).replace(/\s+/g, ' ').trim().replace(/\.+$/, '');
  const sentence = `The ${kind} ${name} ${fact}${quoted === '' ? '' : `: ${quoted}`}`;
  return { state, why: sentence.length < whyMax ? `${sentence}.` : fit(sentence, whyMax) };
}

/** The first that is worst, in the order of `healthStates`: what one part says well does not heal another. */
export function worst(first: Health, ...others: readonly Health[]): Health {
  return others.reduce(
    (bad, one) => (healthStates.indexOf(one.state) < healthStates.indexOf(bad.state) ? one : bad),
    first,
  );
}
