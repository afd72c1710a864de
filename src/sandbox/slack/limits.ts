/**
 * Every number at which Slack says no, with where it is from. The validators and the limits test read this one
 * table. Sources: docs = docs.slack.dev, types = comments of @slack/types, observed = seen by others, not documented.
 */
export interface Limit {
  readonly max: number;
  readonly unit: 'characters' | 'items' | 'blocks' | 'bytes' | 'ms' | 'uses' | 'views' | 'sockets';
  readonly source: string;
}

export const limits = {
  blocksPerMessage: { max: 50, unit: 'blocks', source: 'docs: block-kit' },
  blocksPerView: { max: 100, unit: 'blocks', source: 'docs: block-kit' },
  blockId: { max: 255, unit: 'characters', source: 'docs: block-kit/blocks' },
  actionId: { max: 255, unit: 'characters', source: 'docs: block-kit/elements' },
  textObject: { max: 3000, unit: 'characters', source: 'docs: text-object' },
  sectionFields: { max: 10, unit: 'items', source: 'docs: section-block' },
  sectionField: { max: 2000, unit: 'characters', source: 'docs: section-block' },
  headerText: { max: 150, unit: 'characters', source: 'docs: header-block' },
  contextElements: { max: 10, unit: 'items', source: 'docs: context-block' },
  actionsElements: { max: 25, unit: 'items', source: 'docs: actions-block' },
  imageUrl: { max: 3000, unit: 'characters', source: 'docs: image-block' },
  imageAltText: { max: 2000, unit: 'characters', source: 'docs: image-block' },
  imageTitle: { max: 2000, unit: 'characters', source: 'docs: image-block' },
  chartTitle: { max: 50, unit: 'characters', source: 'docs: data-visualization-block' },
  chartLabel: { max: 20, unit: 'characters', source: 'docs: data-visualization-block' },
  chartSeries: { max: 12, unit: 'items', source: 'docs: data-visualization-block' },
  chartPoints: { max: 20, unit: 'items', source: 'docs: data-visualization-block' },
  inputLabel: { max: 2000, unit: 'characters', source: 'docs: input-block' },
  inputHint: { max: 2000, unit: 'characters', source: 'docs: input-block' },
  markdownText: {
    max: 12_000,
    unit: 'characters',
    source: 'docs: markdown-block; all of one payload together',
  },
  tableRows: { max: 100, unit: 'items', source: 'docs: table-block' },
  tableCells: { max: 20, unit: 'items', source: 'docs: table-block' },
  tableCharacters: {
    max: 10_000,
    unit: 'characters',
    source: 'docs: table-block; all of one message together',
  },
  buttonText: { max: 75, unit: 'characters', source: 'docs: button-element' },
  buttonValue: { max: 2000, unit: 'characters', source: 'docs: button-element' },
  buttonUrl: { max: 3000, unit: 'characters', source: 'docs: button-element' },
  accessibilityLabel: { max: 75, unit: 'characters', source: 'docs: button-element' },
  confirmTitle: { max: 100, unit: 'characters', source: 'docs: confirmation-dialog-object' },
  confirmText: { max: 300, unit: 'characters', source: 'docs: confirmation-dialog-object' },
  confirmButton: { max: 30, unit: 'characters', source: 'docs: confirmation-dialog-object' },
  optionText: { max: 75, unit: 'characters', source: 'docs: option-object' },
  optionValue: { max: 150, unit: 'characters', source: 'docs: option-object' },
  optionDescription: { max: 75, unit: 'characters', source: 'docs: option-object' },
  optionGroupLabel: { max: 75, unit: 'characters', source: 'docs: option-group-object' },
  selectOptions: { max: 100, unit: 'items', source: 'docs: select-menu-element' },
  selectOptionGroups: { max: 100, unit: 'items', source: 'docs: select-menu-element' },
  overflowOptions: { max: 5, unit: 'items', source: 'docs: overflow-menu-element' },
  choiceOptions: { max: 10, unit: 'items', source: 'docs: checkboxes-element, radio-button-element' },
  placeholder: { max: 150, unit: 'characters', source: 'docs: select-menu-element' },
  inputLength: {
    max: 3000,
    unit: 'characters',
    source: 'docs: plain-text-input-element, min_length and max_length',
  },
  viewTitle: { max: 24, unit: 'characters', source: 'docs: views' },
  viewButton: { max: 24, unit: 'characters', source: 'docs: views' },
  privateMetadata: { max: 3000, unit: 'characters', source: 'docs: views' },
  callbackId: { max: 255, unit: 'characters', source: 'docs: views' },
  externalId: { max: 255, unit: 'characters', source: 'docs: views' },
  viewBytes: { max: 250_000, unit: 'bytes', source: 'docs: views.update, view_too_large' },
  modalStack: { max: 3, unit: 'views', source: 'docs: surfaces/modals' },
  messageText: { max: 40_000, unit: 'characters', source: 'docs: chat.postMessage; cut beyond it' },
  updateText: { max: 4000, unit: 'characters', source: 'docs: chat.update, msg_too_long' },
  attachments: { max: 100, unit: 'items', source: 'docs: chat.postMessage, too_many_attachments' },
  metadataBytes: {
    max: 16_384,
    unit: 'bytes',
    source: 'observed: metadata_too_large exists, its size is not documented',
  },
  ackMs: { max: 3000, unit: 'ms', source: 'docs: handling-user-interaction' },
  triggerMs: { max: 3000, unit: 'ms', source: 'docs: handling-user-interaction' },
  responseUrlUses: { max: 5, unit: 'uses', source: 'docs: handling-user-interaction' },
  responseUrlMs: { max: 30 * 60_000, unit: 'ms', source: 'docs: handling-user-interaction' },
  sockets: { max: 10, unit: 'sockets', source: 'docs: using-socket-mode' },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof limits;
