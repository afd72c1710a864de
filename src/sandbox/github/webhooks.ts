/**
 * Webhooks: what happened, told to the configured addresses, signed with their secret.
 * https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
 */
import { createHmac, randomUUID } from 'node:crypto';
import type { Fault, Faults } from '../faults.ts';
import type { Journal } from '../journal.ts';
import { fullRepository, userByLogin } from './shapes/basics.ts';
import { organizationShape } from './shapes/people.ts';
import { webhookBody } from './shapes/webhooks.ts';
import type { GithubState, Repository } from './state.ts';

export interface Hook {
  readonly id: number;
  readonly url: string;
  readonly secret: string;
  /** Event names, or `*` for all. */
  readonly events: readonly string[];
}

export interface HookDelivery {
  readonly id: number;
  readonly hookId: number;
  /** The same for a delivery and all its redeliveries. */
  readonly guid: string;
  readonly event: string;
  readonly action: string | undefined;
  readonly payload: string;
  readonly redelivery: boolean;
  readonly deliveredAt: number;
  /** Status of the receiver's answer; 0 when there was none. */
  status: number | undefined;
}

export interface Webhooks {
  emit(event: string, action: string | undefined, repository: Repository, body: object, sender: string): void;
  /** @throws Error when there is no such delivery. */
  redeliver(deliveryId: number): Promise<HookDelivery>;
  /** Resolves when every delivery under way has been answered. */
  settled(): Promise<void>;
}

/** GitHub waits this long for an answer: https://docs.github.com/webhooks/using-webhooks/best-practices-for-using-webhooks */
const answerMsMax = 10_000;
const deliveriesMax = 500;
/** Ours: how long a held-back delivery waits for the one that is to overtake it. */
const heldMsMax = 2_000;

export function createWebhooks(state: GithubState, journal: Journal, faults: Faults): Webhooks {
  const underWay = new Set<Promise<unknown>>();
  let held: (() => void) | undefined;

  const post = async (hook: Hook, delivery: HookDelivery): Promise<void> => {
    try {
      const response = await fetch(hook.url, {
        method: 'POST',
        headers: headersOf(state, hook, delivery),
        body: delivery.payload,
        signal: AbortSignal.timeout(answerMsMax),
      });
      delivery.status = response.status;
      await response.body?.cancel();
    } catch {
      delivery.status = 0;
    }
  };

  const postWithFault = async (hook: Hook, delivery: HookDelivery, fault: Fault | undefined) => {
    if (!fault) return post(hook, delivery);
    switch (fault.kind) {
      case 'duplicate':
        await post(hook, delivery);
        return post(hook, delivery);
      case 'reorder':
        await new Promise<void>((resolve) => {
          held = resolve;
          // Nothing may follow: then it goes alone, late.
          state.clock.after(heldMsMax, resolve);
        });
        return post(hook, delivery);
      case 'slow':
        await state.clock.sleep(fault.delayMs);
        return post(hook, delivery);
      case 'lost-response':
        await post(hook, delivery);
        delivery.status = 0;
        return;
      default:
        // On its way it was lost or refused: the receiver never hears of it.
        delivery.status = fault.kind === 'status' ? fault.status : 0;
    }
  };

  const send = async (hook: Hook, delivery: HookDelivery): Promise<void> => {
    const startedAt = state.clock.now();
    const fault = faults.next('github', `webhook:${delivery.event}`);
    const release = fault?.kind === 'reorder' ? undefined : held;
    if (release) held = undefined;
    await postWithFault(hook, delivery, fault);
    release?.();
    journal.add({
      at: startedAt,
      box: 'github',
      kind: 'envelope',
      operation: `webhook:${delivery.event}`,
      outcome: String(delivery.status),
      tookMs: state.clock.now() - startedAt,
      request: JSON.parse(delivery.payload),
      ...(fault ? { fault: fault.kind } : {}),
    });
  };

  const deliver = (hook: Hook, delivery: HookDelivery): Promise<void> => {
    state.deliveries.push(delivery);
    if (state.deliveries.length > deliveriesMax) state.deliveries.shift();
    const sending = send(hook, delivery).finally(() => underWay.delete(sending));
    underWay.add(sending);
    return sending;
  };

  return {
    emit(event, action, repository, body, sender) {
      const hooks = [...state.hooks.values()].filter(
        (one) => one.events.includes('*') || one.events.includes(event),
      );
      if (hooks.length === 0) return;
      const payload = JSON.stringify({
        ...(action === undefined ? {} : { action }),
        ...webhookBody(state, repository, event, body),
        repository: fullRepository(state, repository),
        organization: organizationShape(state),
        sender: userByLogin(state, sender),
        installation: { id: state.app.installationId, node_id: 'I_sandbox' },
      });
      const guid = randomUUID();
      for (const hook of hooks)
        void deliver(hook, {
          ...{ id: state.nextId(), hookId: hook.id, guid, event, action, payload, redelivery: false },
          ...{ deliveredAt: state.clock.now(), status: undefined },
        });
    },
    async redeliver(deliveryId) {
      const first = state.deliveries.find((one) => one.id === deliveryId);
      const hook = first && state.hooks.get(first.hookId);
      if (!first || !hook) throw new Error(`There is no webhook delivery ${deliveryId} to repeat.`);
      const again = {
        ...first,
        id: state.nextId(),
        redelivery: true,
        deliveredAt: state.clock.now(),
        status: undefined,
      };
      await deliver(hook, again);
      return again;
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

function headersOf(state: GithubState, hook: Hook, delivery: HookDelivery): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/sandbox',
    'x-github-delivery': delivery.guid,
    'x-github-event': delivery.event,
    'x-github-hook-id': String(hook.id),
    'x-github-hook-installation-target-id': String(state.app.id),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature': `sha1=${createHmac('sha1', hook.secret).update(delivery.payload).digest('hex')}`,
    'x-hub-signature-256': `sha256=${createHmac('sha256', hook.secret).update(delivery.payload).digest('hex')}`,
  };
}
