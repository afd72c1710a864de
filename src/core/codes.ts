/**
 * A second factor for a decision: a time-based code (RFC 6238) that an authenticator app shows. What is kept of it, how
 * it is tried, and the words when that does not work. Pure; the cryptography is in codes/.
 */
import { minuteMs, secondMs } from './duration.ts';
import type { Moment, PersonId } from './ids.ts';
import type { Person } from './person.ts';
import { type Problem, problem, type Result } from './problem.ts';

export interface CodeLimit {
  readonly value: number;
  readonly unit: 'digits' | 'milliseconds' | 'steps' | 'codes' | 'bytes';
  readonly because: string;
  readonly source: string;
}

export const codeLimits = {
  digits: {
    value: 6,
    unit: 'digits',
    because: 'what every authenticator app shows, also those that ignore what the key says of itself',
    source: 'RFC 4226 section 5.3; Key Uri Format of Google Authenticator',
  },
  stepMs: {
    value: 30 * secondMs,
    unit: 'milliseconds',
    because: 'how long a code is shown, with the same apps',
    source: 'RFC 6238 section 5.2',
  },
  stepsAround: {
    value: 1,
    unit: 'steps',
    because: 'a telephone whose clock is half a minute off, and a person who types slowly',
    source: 'RFC 6238 section 5.2: at most one step for the way',
  },
  secretBytes: {
    value: 20,
    unit: 'bytes',
    because: 'as long as the hash that it goes into',
    source: 'RFC 4226 section 4, R6: 160 bits recommended',
  },
  triesMax: {
    value: 5,
    unit: 'codes',
    because: '3 codes in a million are right at any moment: with 5 tries in 15 minutes a guess takes years',
    source: 'RFC 4226 section 7.3; NIST SP 800-63B 5.2.2 allows up to 100 in a row',
  },
  triesWithinMs: {
    value: 15 * minuteMs,
    unit: 'milliseconds',
    because: 'long enough to stop guessing, short enough for somebody who needs to decide today',
    source: 'the same',
  },
  enrolWithinMs: {
    value: 10 * minuteMs,
    unit: 'milliseconds',
    because: 'a key that was shown and never confirmed must not lie about for good',
    source: 'our choice',
  },
} as const satisfies Record<string, CodeLimit>;

/** What the store keeps of somebody's codes. Secrets are sealed: the store could not make a code. */
export interface KeptCode {
  readonly person: PersonId;
  /** Once the first code was right. */
  readonly secret?: string;
  readonly enrolledAt?: Moment;
  /** The newest time step of which a code was taken: that one and all before it are spent. 0: none yet. */
  readonly lastStep: number;
  /** A key that was shown, and of which no code has come yet. */
  readonly pending?: { readonly secret: string; readonly at: Moment };
}

/** A right code, to be spent in the transaction of what it was given for; whoever comes second finds it spent. */
export interface CodeUse {
  readonly person: PersonId;
  readonly step: number;
}

/** A key for an authenticator app: a secret, for one person's eyes, once. */
export interface NewKey {
  /** Base32, as it is typed. */
  readonly key: string;
  /** The same for apps that read addresses: `otpauth://totp/...`. */
  readonly address: string;
  /** There is another one already, of which a code is needed as well. */
  readonly replaces: boolean;
}

/** People's second factors. */
export interface Codes {
  /** Makes a key, which counts once `confirm` has seen a code of it. */
  begin(person: Person): Promise<Result<NewKey>>;
  /** `oldCode` when there is an older key. */
  confirm(person: Person, code: string, oldCode: string | undefined): Promise<Result<undefined>>;
  /** Counted as a try, right or wrong. What it gives is still to be spent: `Change.code`. */
  check(person: Person, code: string): Promise<Result<CodeUse>>;
  /** Forgets somebody's key, and tells them who did that. `false` when there was none. Safe to repeat. */
  reset(person: Person, by: Person): Promise<boolean>;
  /** Since when they have one. */
  enrolledAt(person: Person): Promise<Moment | undefined>;
}

/** `123 456` as apps show it; `undefined` when it is no code at all. */
export function readCode(text: string): string | undefined {
  const digits = text.replaceAll(/\s/g, '');
  return /^\d{6}$/.test(digits) ? digits : undefined;
}

export const enrolCommand = '/code enrol';

export function codeNeeded({ id }: { readonly id: string }): Problem {
  return problem(
    'code_needed',
    `${id} needs a code of your authenticator app with the yes.`,
    'Click Approve on the card and type it.',
  );
}

/** The same whether the code was wrong, old, somebody else's or used before: a guesser learns nothing. */
export function wrongCode(triesLeft: number): Problem {
  const sentence = 'This code does not count: it is wrong, too old, or was used before.';
  if (triesLeft > 0) {
    return problem('code_wrong', sentence, 'Wait for the next code of your app, and try again with that.');
  }
  const minutes = codeLimits.triesWithinMs.value / minuteMs;
  return problem(
    'code_locked',
    `${sentence} That was one too many, so your codes are locked for ${minutes} minutes.`,
    'If these were not your tries, tell the platform team at once.',
  );
}

/** It was right, and is used up: between the look and the writing another click of theirs was faster. */
export function codeSpent(): Problem {
  return problem(
    'code_wrong',
    'This code was used in this very moment, for something else of yours.',
    'Wait for the next code of your app, and try again with that.',
  );
}

/** Without a word on whether the code was right: that would be an answer to a guess. */
export function codesLocked(until: Moment, now: Moment): Problem {
  const minutes = Math.max(1, Math.ceil((until - now) / minuteMs));
  return problem(
    'code_locked',
    `Too many codes were wrong, so yours are locked for ${minutes === 1 ? 'another minute' : `another ${minutes} minutes`}.`,
    'Try again then. If these were not your tries, tell the platform team at once.',
  );
}

export function notEnrolled(): Problem {
  return problem(
    'code_not_enrolled',
    'This needs a code of an authenticator app, and you have not set one up.',
    `Do so with \`${enrolCommand}\`, and answer then.`,
  );
}

/** A requirement is never skipped because of it. */
export function codesOff(): Problem {
  return problem(
    'codes_off',
    'This needs a code of an authenticator app, and Greenlight was given no key to keep such secrets with.',
    'Ask whoever runs Greenlight to set GREENLIGHT_SECRETS_KEY.',
  );
}
