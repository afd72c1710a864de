/**
 * What the page can draw, counted by the compiler: a block or element that @slack/types learns about must be
 * entered here. What is not drawn is shown as a placeholder that names its type.
 */
import type {
  ActionsBlockElement,
  ContextActionsBlockElement,
  InputBlockElement,
  KnownBlock,
  SectionBlockAccessory,
} from '@slack/types';

export type Drawn = 'drawn' | 'placeholder';

/** With what Slack has and its types do not know yet. */
export type BlockType = KnownBlock['type'] | 'data_visualization';
export type ElementType = (
  | ActionsBlockElement
  | ContextActionsBlockElement
  | InputBlockElement
  | SectionBlockAccessory
)['type'];

export const blockTypes: Readonly<Record<BlockType, Drawn>> = {
  actions: 'drawn',
  alert: 'drawn',
  card: 'placeholder',
  carousel: 'placeholder',
  container: 'placeholder',
  context: 'drawn',
  context_actions: 'placeholder',
  data_table: 'drawn',
  data_visualization: 'drawn',
  divider: 'drawn',
  file: 'placeholder',
  header: 'drawn',
  image: 'drawn',
  input: 'drawn',
  markdown: 'drawn',
  plan: 'placeholder',
  rich_text: 'drawn',
  section: 'drawn',
  table: 'drawn',
  task_card: 'placeholder',
  video: 'placeholder',
};

export const elementTypes: Readonly<Record<ElementType, Drawn>> = {
  button: 'drawn',
  channels_select: 'drawn',
  checkboxes: 'drawn',
  conversations_select: 'drawn',
  datepicker: 'drawn',
  datetimepicker: 'drawn',
  email_text_input: 'drawn',
  external_select: 'drawn',
  feedback_buttons: 'placeholder',
  file_input: 'placeholder',
  icon_button: 'placeholder',
  image: 'drawn',
  multi_channels_select: 'drawn',
  multi_conversations_select: 'drawn',
  multi_external_select: 'drawn',
  multi_static_select: 'drawn',
  multi_users_select: 'drawn',
  number_input: 'drawn',
  overflow: 'drawn',
  plain_text_input: 'drawn',
  radio_buttons: 'drawn',
  rich_text_input: 'placeholder',
  static_select: 'drawn',
  timepicker: 'drawn',
  url_text_input: 'drawn',
  users_select: 'drawn',
  workflow_button: 'placeholder',
};
