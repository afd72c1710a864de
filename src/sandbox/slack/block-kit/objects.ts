/** The small parts that blocks and elements are made of: texts, options, confirm dialogs. */
import { z } from 'zod';
import { limits } from '../limits.ts';

export const blockId = z.string().max(limits.blockId.max).optional();
export const actionId = z.string().max(limits.actionId.max).optional();

/** A link that a person may follow. Slack takes no others, and a `javascript:` one must never reach a page. */
export function link(
  max: number,
  schemes: readonly string[] = ['http:', 'https:', 'mailto:', 'tel:', 'slack:'],
) {
  return z
    .string()
    .max(max)
    .refine((url) => URL.canParse(url) && schemes.includes(new URL(url).protocol), 'must be a valid URL');
}

export function imageLink(max: number) {
  return link(max, ['http:', 'https:']);
}

export function plainText(max: number = limits.textObject.max) {
  return z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
}

function mrkdwn(max: number = limits.textObject.max) {
  return z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });
}

export function anyText(max: number = limits.textObject.max) {
  return z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);
}

export const confirm = z.strictObject({
  title: plainText(limits.confirmTitle.max),
  text: anyText(limits.confirmText.max),
  confirm: plainText(limits.confirmButton.max).optional(),
  deny: plainText(limits.confirmButton.max).optional(),
  style: z.enum(['primary', 'danger']).optional(),
});

export const placeholder = plainText(limits.placeholder.max).optional();

/** An option whose text is plain: menus. */
export const menuOption = z.strictObject({
  text: plainText(limits.optionText.max),
  value: z.string().min(1).max(limits.optionValue.max),
  description: plainText(limits.optionDescription.max).optional(),
});

export const overflowOption = menuOption.extend({ url: link(limits.buttonUrl.max).optional() });

/** An option whose text may be formatted: checkboxes and radio buttons. */
export const choiceOption = z.strictObject({
  text: anyText(limits.optionText.max),
  value: z.string().min(1).max(limits.optionValue.max),
  description: anyText(limits.optionDescription.max).optional(),
});

export const menuOptions = z.array(menuOption).min(1).max(limits.selectOptions.max);

export const menuOptionGroups = z
  .array(z.strictObject({ label: plainText(limits.optionGroupLabel.max), options: menuOptions }))
  .min(1)
  .max(limits.selectOptionGroups.max);

export const dispatchActionConfig = z
  .strictObject({
    trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).min(1),
  })
  .optional();

export const conversationFilter = z
  .strictObject({
    include: z
      .array(z.enum(['im', 'mpim', 'private', 'public']))
      .min(1)
      .optional(),
    exclude_external_shared_channels: z.boolean().optional(),
    exclude_bot_users: z.boolean().optional(),
  })
  .optional();
