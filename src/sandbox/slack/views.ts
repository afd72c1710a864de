/** Views: what the app may open, how a person's modal stack moves, and what survives an update. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { SlackBlock } from '../protocol.ts';
import { plainText } from './block-kit/objects.ts';
import { stateOf } from './block-kit/state.ts';
import { type BlockProblem, problemMessages, validateBlocks, zodProblems } from './block-kit/validate.ts';
import { everyElement } from './block-kit/walk.ts';
import { invalidArguments, SlackError } from './errors.ts';
import { limits } from './limits.ts';
import type { ViewRecord, World } from './world.ts';

const shared = {
  blocks: z.array(z.unknown()),
  private_metadata: z.string().max(limits.privateMetadata.max).optional(),
  callback_id: z.string().max(limits.callbackId.max).optional(),
  external_id: z.string().max(limits.externalId.max).optional(),
};

const viewSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('modal'),
    ...shared,
    title: plainText(limits.viewTitle.max),
    submit: plainText(limits.viewButton.max).nullish(),
    close: plainText(limits.viewButton.max).nullish(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    submit_disabled: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('home'), ...shared }),
]);

export interface CheckedView {
  readonly type: 'modal' | 'home';
  readonly blocks: readonly SlackBlock[];
  readonly callbackId: string;
  readonly externalId: string;
  readonly privateMetadata: string;
  readonly title: unknown;
  readonly submit: unknown;
  readonly close: unknown;
  readonly clearOnClose: boolean;
  readonly notifyOnClose: boolean;
  readonly submitDisabled: boolean;
}

/** @throws SlackError invalid_arguments (with JSON pointers), view_too_large. */
export function checkView(world: World, input: unknown, type: 'modal' | 'home'): CheckedView {
  const refuse = (problems: readonly BlockProblem[]) => invalidArguments(problemMessages(problems));
  if (Buffer.byteLength(JSON.stringify(input) ?? '') > limits.viewBytes.max)
    throw new SlackError('view_too_large');
  const parsed = viewSchema.safeParse(input);
  if (!parsed.success) throw refuse(zodProblems(parsed.error, '/view'));
  const view = parsed.data;
  if (view.type !== type) throw refuse([{ message: `must be a ${type} view`, pointer: '/view/type' }]);
  const checked = validateBlocks(view.blocks, {
    surface: type,
    pointer: '/view/blocks',
    newId: () => world.newId('b'),
  });
  if (!checked.ok) throw refuse(checked.problems);
  const modal = view.type === 'modal' ? view : undefined;
  if (modal && !modal.submit && checked.blocks.some((block) => block.type === 'input')) {
    throw refuse([
      { message: 'submit is required when an input block is within blocks', pointer: '/view/submit' },
    ]);
  }
  return {
    type,
    blocks: checked.blocks,
    callbackId: view.callback_id ?? '',
    externalId: view.external_id ?? '',
    privateMetadata: view.private_metadata ?? '',
    title: modal?.title,
    submit: modal?.submit ?? undefined,
    close: modal?.close ?? undefined,
    clearOnClose: modal?.clear_on_close ?? false,
    notifyOnClose: modal?.notify_on_close ?? false,
    submitDisabled: modal?.submit_disabled ?? false,
  };
}

/** Puts a modal on top of a person's stack. @throws SlackError push_limit_reached, duplicate_external_id. */
export function openModal(
  world: World,
  user: string,
  view: CheckedView,
  channel: string | undefined,
): ViewRecord {
  const stack = world.stacks.get(user) ?? [];
  if (stack.length >= limits.modalStack.max) throw new SlackError('push_limit_reached');
  const id = world.newId('V');
  const record = newRecord(world, view, {
    id,
    user,
    channel,
    rootViewId: stack[0] ?? id,
    previousViewId: stack.at(-1) ?? null,
  });
  world.views.set(id, record);
  world.stacks.set(user, [...stack, id]);
  world.emit({ kind: 'modals', user });
  return record;
}

/** `views.open` begins a new stack: what was open before goes away. */
export function startStack(
  world: World,
  user: string,
  view: CheckedView,
  channel: string | undefined,
): ViewRecord {
  refuseTakenExternalId(world, view);
  closeModals(world, user, world.stacks.get(user) ?? []);
  return openModal(world, user, view, channel);
}

/** @throws SlackError hash_conflict when `hash` is given and not the view's present one. */
export function updateView(world: World, before: ViewRecord, view: CheckedView, hash?: string): ViewRecord {
  if (hash !== undefined && hash !== before.hash) throw new SlackError('hash_conflict');
  refuseTakenExternalId(world, view, before.id);
  const after: ViewRecord = {
    ...newRecord(world, view, before),
    externalId: view.externalId || before.externalId,
    state: stateOf(view.blocks, before.state),
  };
  world.views.set(before.id, after);
  emitView(world, after);
  return after;
}

/** What a person or the box itself changes of a view: state, errors, busy. The app's hash stays. */
export function patchView(world: World, id: string, changes: Partial<ViewRecord>): void {
  const before = world.views.get(id);
  if (!before) return;
  const after = { ...before, ...changes };
  world.views.set(id, after);
  emitView(world, after);
}

export function closeModals(world: World, user: string, ids: readonly string[]): void {
  if (ids.length === 0) return;
  for (const id of ids) world.views.delete(id);
  world.stacks.set(
    user,
    (world.stacks.get(user) ?? []).filter((id) => !ids.includes(id)),
  );
  world.emit({ kind: 'modals', user });
}

export function publishHome(world: World, user: string, view: CheckedView, hash?: string): ViewRecord {
  const existing = world.views.get(world.homes.get(user) ?? '');
  if (existing) return updateView(world, existing, view, hash);
  if (hash !== undefined) throw new SlackError('hash_conflict');
  const id = world.newId('V');
  const record = newRecord(world, view, {
    id,
    user,
    channel: undefined,
    rootViewId: id,
    previousViewId: null,
  });
  world.views.set(id, record);
  world.homes.set(user, id);
  world.emit({ kind: 'home', user });
  return record;
}

function newRecord(
  world: World,
  view: CheckedView,
  place: Pick<ViewRecord, 'id' | 'user' | 'channel' | 'rootViewId' | 'previousViewId'>,
): ViewRecord {
  return {
    ...view,
    id: place.id,
    user: place.user,
    channel: place.channel,
    rootViewId: place.rootViewId,
    previousViewId: place.previousViewId,
    state: initialState(view.blocks, place.channel),
    hash: `${Math.floor(world.clock.now() / 1000)}.${randomBytes(6).toString('base64url')}`,
    errors: {},
    problem: undefined,
    busy: false,
  };
}

function initialState(blocks: readonly SlackBlock[], channel: string | undefined) {
  const state: Record<string, Record<string, { type: string }>> = structuredClone(stateOf(blocks)) as never;
  for (const { block, element } of everyElement(blocks)) {
    const row = state[block.block_id];
    if (!element.default_to_current_conversation || !channel || !row) continue;
    row[element.action_id] =
      element.type === 'conversations_select'
        ? { type: element.type, ...{ selected_conversation: channel } }
        : { type: element.type, ...{ selected_conversations: [channel] } };
  }
  return state;
}

function refuseTakenExternalId(world: World, view: CheckedView, ownId?: string): void {
  if (!view.externalId) return;
  for (const other of world.views.values()) {
    if (other.externalId === view.externalId && other.id !== ownId)
      throw new SlackError('duplicate_external_id');
  }
}

function emitView(world: World, view: ViewRecord): void {
  world.emit({ kind: view.type === 'home' ? 'home' : 'modals', user: view.user });
}
