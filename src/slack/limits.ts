/**
 * Every number of Slack's that what we send depends on, in one table: number, unit, source. Builders cut and group
 * by it, and tests hold everything we draw against it. docs = docs.slack.dev, types = comments of @slack/types.
 */
import { minuteMs, secondMs } from '../core/duration.ts';

export interface SlackLimit {
  readonly max: number;
  readonly unit: 'characters' | 'items' | 'blocks' | 'ms' | 'uses';
  readonly source: string;
}

const limits = {
  blocksPerMessage: { max: 50, unit: 'blocks', source: 'docs: block-kit' },
  blocksPerView: { max: 100, unit: 'blocks', source: 'docs: block-kit' },
  blockId: { max: 255, unit: 'characters', source: 'docs: block-kit/blocks' },
  textObject: { max: 3000, unit: 'characters', source: 'docs: text-object' },
  /** Slack names no number for rich text: held to that of a text object, with room to spare. */
  preformatted: { max: 2900, unit: 'characters', source: 'ours, after docs: text-object' },
  /** A longer line, one of JSON mostly, would crowd out those that explain something. */
  preformattedLine: { max: 500, unit: 'characters', source: 'ours' },
  sectionFields: { max: 10, unit: 'items', source: 'docs: section-block' },
  sectionField: { max: 2000, unit: 'characters', source: 'docs: section-block' },
  buttonText: { max: 75, unit: 'characters', source: 'docs: button-element; about 30 are shown' },
  buttonValue: { max: 2000, unit: 'characters', source: 'docs: button-element' },
  buttonUrl: { max: 3000, unit: 'characters', source: 'docs: button-element' },
  confirmTitle: { max: 100, unit: 'characters', source: 'docs: confirmation-dialog-object' },
  confirmText: { max: 300, unit: 'characters', source: 'docs: confirmation-dialog-object' },
  confirmButton: { max: 30, unit: 'characters', source: 'docs: confirmation-dialog-object' },
  optionText: { max: 75, unit: 'characters', source: 'docs: option-object' },
  optionValue: { max: 150, unit: 'characters', source: 'docs: option-object' },
  optionDescription: { max: 75, unit: 'characters', source: 'docs: option-object' },
  selectOptions: { max: 100, unit: 'items', source: 'docs: select-menu-element' },
  radioOptions: { max: 10, unit: 'items', source: 'docs: radio-button-element' },
  placeholder: { max: 150, unit: 'characters', source: 'docs: select-menu-element' },
  inputLabel: { max: 2000, unit: 'characters', source: 'docs: input-block' },
  inputLength: { max: 3000, unit: 'characters', source: 'docs: plain-text-input-element' },
  actionsElements: { max: 25, unit: 'items', source: 'docs: actions-block' },
  viewTitle: { max: 24, unit: 'characters', source: 'docs: views' },
  viewButton: { max: 24, unit: 'characters', source: 'docs: views' },
  privateMetadata: { max: 3000, unit: 'characters', source: 'docs: views' },
  /** Beyond 4,000 `chat.update` answers `msg_too_long`; a sentence should be far shorter anyway. */
  messageText: { max: 4000, unit: 'characters', source: 'docs: chat.update' },
  commandDescription: { max: 2000, unit: 'characters', source: 'types: manifest schema' },
  commandUsage: { max: 1000, unit: 'characters', source: 'types: manifest schema' },
  /** Ours: more buttons than these in a row nobody reads. */
  nextQuestions: { max: 4, unit: 'items', source: 'ours' },
  /** Ours: pictures and exports come one or two at a time. */
  filesPerAnswer: { max: 5, unit: 'items', source: 'ours' },
  altText: { max: 1000, unit: 'characters', source: 'docs: files.getUploadURLExternal' },
  imageAltText: { max: 2000, unit: 'characters', source: 'docs: image-block' },
  uploadMs: { max: 10_000, unit: 'ms', source: 'ours: who asked is waiting' },
  chartsPerMessage: { max: 2, unit: 'blocks', source: 'docs: data-visualization-block' },
  chartTitle: { max: 50, unit: 'characters', source: 'docs: data-visualization-block' },
  chartLabel: { max: 20, unit: 'characters', source: 'docs: data-visualization-block' },
  chartSeries: { max: 6, unit: 'items', source: 'docs: data-visualization-block' },
  chartPoints: { max: 20, unit: 'items', source: 'docs: data-visualization-block' },
  ackMs: { max: 3000, unit: 'ms', source: 'docs: handling-user-interaction' },
  triggerMs: { max: 3000, unit: 'ms', source: 'docs: handling-user-interaction' },
} as const satisfies Record<string, SlackLimit>;

/** How often one of Slack's methods may be called by our app in one workspace. */
export interface CallRate {
  /** Between two calls, on average. */
  readonly everyMs: number;
  /** Whether Slack counts each channel for itself, or all calls together. */
  readonly per: 'channel' | 'workspace';
  readonly source: string;
}

const tier3 = {
  everyMs: minuteMs / 50,
  per: 'workspace',
  source: 'docs: rate-limits, tier 3: 50 a minute',
} as const;

const hundreds = {
  everyMs: minuteMs / 300,
  per: 'workspace',
  source: 'docs: auth.test, chat.getPermalink: special, hundreds a minute',
} as const;

/** Of the methods that cards and notices take. */
export const callRates: Readonly<Record<string, CallRate>> = {
  'chat.postMessage': {
    everyMs: secondMs,
    per: 'channel',
    source: 'docs: rate-limits, "generally allows posting one message per second per channel"',
  },
  'chat.update': tier3,
  'chat.delete': tier3,
  'conversations.history': tier3,
  'conversations.replies': tier3,
  'conversations.info': tier3,
  'chat.getPermalink': hundreds,
  'auth.test': hundreds,
};

/** The number alone. */
export function maxOf(name: keyof typeof limits): number {
  return limits[name].max;
}
