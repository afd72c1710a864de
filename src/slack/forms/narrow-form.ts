/** The modal for a yes to less than was asked for: the fields that may be less, as they are. Pure. */
import type { ModalView } from '@slack/types';
import type { ChangeAction } from '../../core/action.ts';
import { narrowable } from '../../core/narrow.ts';
import type { PlatformRequest } from '../../core/request.ts';
import { plain, section } from '../blocks.ts';
import { maxOf } from '../limits.ts';
import { inputsFor, type YesNeeds } from './approve-form.ts';
import { type FormField, fieldsOf } from './fields.ts';
import { inputBlock } from './inputs.ts';
import { type DenyMetadata, writeMetadata } from './metadata.ts';

export const narrowCallback = 'narrow.submit';

export function narrowView(
  metadata: DenyMetadata,
  request: PlatformRequest,
  action: ChangeAction,
  needs: YesNeeds,
): ModalView {
  return {
    type: 'modal',
    callback_id: narrowCallback,
    private_metadata: writeMetadata(metadata),
    title: plain('Approve with less', maxOf('viewTitle')),
    submit: plain('Approve', maxOf('viewButton')),
    close: plain('Not now', maxOf('viewButton')),
    blocks: [
      section(
        `${metadata.id}: what you lower is all that is let through. The requester is told, and whoever approved more is asked again.`,
      ),
      ...narrowFields(action, request).map((field) =>
        inputBlock({
          field: { ...field, isRequired: true, description: `${request.input[field.name]} was asked for.` },
          ...{ value: request.input[field.name], choices: [], dependsOn: '', dispatches: false },
        }),
      ),
      ...inputsFor(needs),
    ],
  };
}

/** In the form's order. */
export function narrowFields(action: ChangeAction, { input }: PlatformRequest): readonly FormField[] {
  const names = new Set(narrowable(action, input).map(([name]) => name));
  return fieldsOf(action).filter(({ name }) => names.has(name));
}
