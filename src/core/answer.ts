/** The private answer to somebody who asks and changes nothing. */
import type { ChartSheet } from './chart.ts';

export type Mood = 'good' | 'busy' | 'bad' | 'unknown';

/** A private answer to a read. Plain text throughout: whoever draws it escapes it. */
export interface Answer {
  readonly title: string;
  /** The whole answer in one sentence. */
  readonly sentence: string;
  /** None when the answer is not about how something is. */
  readonly mood?: Mood;
  readonly sections: readonly AnswerSection[];
  readonly links: readonly { readonly label: string; readonly url: string }[];
  /** To be followed for a while: shown to the channel, asked anew as this and edited in place when it has changed. */
  readonly follow?: { readonly action: string; readonly input: Readonly<Record<string, unknown>> };
  /** How old what is shown may be: "As of 3s ago." */
  readonly footnote?: string;
  /** For whoever asked, and nobody else: it cannot be shown to a channel. */
  readonly isPersonal?: boolean;
  /** It holds what opens something: it is not given where another company reads along, nor drawn anew by a button. */
  readonly isSecret?: boolean;
  /** For whoever asked alone, in their direct messages, even when the rest is shown to a channel. */
  readonly files?: readonly AnswerFile[];
  /** Drawn as one picture, which goes where the files go. */
  readonly charts?: ChartSheet;
  /** A form that says more than an answer may: who can open it does so instead. */
  readonly opens?: 'enrolment';
  /** What may be asked next, as command lines: "Deploy payments" -> `/deploy payments`. */
  readonly next: readonly { readonly label: string; readonly commandLine: string }[];
}

export interface AnswerFile {
  /** Its ending says what it is: `payments-production.log`, `cost-2026-11.csv`, `metrics.png`. */
  readonly name: string;
  /** Text, or bytes. Redacted already: a file is kept, searched and exported like any message. */
  readonly content: string | Uint8Array;
  /** One sentence: what it holds; for a picture the words for those who do not see it. */
  readonly altText: string;
}

export interface AnswerSection {
  readonly title: string;
  readonly mood?: Mood;
  readonly fields: readonly { readonly label: string; readonly value: string }[];
  readonly lines: readonly string[];
  /** As a program wrote it, the newest line last: what does not fit is left out at the top. */
  readonly verbatim?: readonly string[];
}
