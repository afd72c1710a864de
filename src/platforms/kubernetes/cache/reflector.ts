/**
 * Keeps a shelf in step with one list of a cluster: list, then watch from there, for as long as it is wanted.
 *
 * Ours rather than client-node's informer (2.0.1): that one gives up after 30 s of silence unless bookmarks come, lists
 * without pages, holds every object whole, begins anew without jitter, raises errors nobody can catch when it is
 * aborted, and does not tell how old its knowledge is. What it does beyond this is what we do not need: typed models.
 */
import { z } from 'zod';
import { secondMs } from '../../../core/duration.ts';
import type { Moment } from '../../../core/ids.ts';
import type { Clock, Scheduler } from '../../../core/ports.ts';
import type { Transport } from '../transport.ts';
import { errorOfEvent, isExpired, isRefused } from './errors.ts';
import type { Kind } from './kinds.ts';
import { listWhole } from './list-whole.ts';
import type { Shelf } from './shelf.ts';

export interface ReflectorOptions<Item> {
  readonly transport: Transport;
  /** Of the list: `/api/v1/pods`, or of one namespace. */
  readonly path: string;
  readonly kind: Kind<Item>;
  readonly shelf: Shelf<Item & Named>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** From 0 to 1: spreads what begins together. */
  draw(): number;
}

interface Named {
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
}

export interface Reflector {
  /** Resolves when the first list has come or failed. Never rejects. */
  readonly tried: Promise<void>;
  state(): ReflectorState;
  /** Lets go of its connection and returns when nothing of it is left. */
  stop(): Promise<void>;
}

export interface ReflectorState {
  /** When it last heard of the cluster while it missed nothing; `undefined` before the first list and after a refusal. */
  readonly heardAt: Moment | undefined;
  /** Whether changes come at once now. */
  readonly isOpen: boolean;
  /** Since when it is open. */
  readonly openedAt: Moment;
  /** What stands in the way; `undefined` when nothing does. */
  readonly error: unknown;
}

/** Limits of our own; a real server sends a bookmark about once a minute (API concepts, "Watch bookmarks"). */
const limits = {
  /** How long a stream may say nothing before it counts as dead. */
  silenceMs: 150 * secondMs,
  /** After so long the server ends a watch by itself; up to twice as long, so that they do not all end at once. */
  watchSeconds: 300,
  /** Waits between attempts: doubled each time, half of it at random. */
  firstWaitMs: secondMs,
  longestWaitMs: 30 * secondMs,
  /** A right that is missing is not given within seconds. */
  refusedWaitMs: 60 * secondMs,
} as const;

const eventSchema = z.object({ type: z.string(), object: z.unknown() });
const versionSchema = z.object({ metadata: z.object({ resourceVersion: z.string() }) });

export function startReflector<Item extends Named>(options: ReflectorOptions<Item>): Reflector {
  const { transport, path, kind, shelf, clock, scheduler, draw } = options;
  const stopping = new AbortController();
  const tried = Promise.withResolvers<void>();
  let resourceVersion: string | undefined;
  let heardAt: Moment | undefined;
  let openedAt: Moment = 0;
  let isOpen = false;
  let error: unknown;
  let failures = 0;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        if (resourceVersion === undefined) await list();
        await watch();
        failures = 0;
      } catch (caught) {
        if (stopping.signal.aborted) return;
        failed(caught);
        tried.resolve();
        await pause(waitMs(caught));
      }
    }
  }

  async function list(): Promise<void> {
    const whole = await listWhole(transport, path, kind.schema, kind.query, (item) => kind.trim(item));
    if (stopping.signal.aborted) return;
    shelf.replace(whole.items);
    resourceVersion = whole.resourceVersion;
    heard();
    tried.resolve();
  }

  /** Returns when the server has ended the watch in good order. */
  async function watch(): Promise<void> {
    const letGo = new AbortController();
    const silence = watchSilence(letGo);
    try {
      const stream = await transport.open(
        { path, query: watchQuery() },
        AbortSignal.any([stopping.signal, letGo.signal]),
      );
      isOpen = true;
      openedAt = clock.now();
      heard();
      for await (const line of stream.lines) take(line);
      // One that ends at once, again and again, must not become a busy loop.
      if (clock.now() - openedAt < secondMs) await pause(limits.firstWaitMs * draw());
    } finally {
      isOpen = false;
      silence.cancel();
    }
  }

  function watchQuery(): Record<string, string> {
    return {
      ...kind.query,
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(Math.round(limits.watchSeconds * (1 + draw()))),
      resourceVersion: resourceVersion ?? '',
    };
  }

  function take(line: string): void {
    const { type, object } = eventSchema.parse(JSON.parse(line));
    if (type === 'ERROR') throw errorOfEvent(object);
    const version = versionSchema.parse(object).metadata.resourceVersion;
    if (type === 'ADDED' || type === 'MODIFIED') shelf.put(kind.trim(kind.schema.parse(object)));
    if (type === 'DELETED') shelf.remove(kind.schema.parse(object));
    // Only after it was taken in: what could not be read is asked for again.
    resourceVersion = version;
    heard();
  }

  function heard(): void {
    heardAt = clock.now();
    error = undefined;
  }

  function failed(caught: unknown): void {
    failures += 1;
    error = isExpired(caught) ? undefined : caught;
    // A version that cannot be gone on from, or an event that cannot be read: the whole list tells the truth again.
    const isUnreadable = caught instanceof SyntaxError || caught instanceof z.ZodError;
    if (isExpired(caught) || isUnreadable) resourceVersion = undefined;
    if (!isRefused(caught)) return;
    resourceVersion = undefined;
    heardAt = undefined;
    shelf.replace([]);
  }

  function waitMs(caught: unknown): number {
    if (isRefused(caught)) return limits.refusedWaitMs;
    const doubled = limits.firstWaitMs * 2 ** Math.min(failures - 1, 10);
    return Math.min(limits.longestWaitMs, doubled) * (1 - draw() / 2);
  }

  /** Ends a stream that says nothing: a connection can be dead without either side being told. */
  function watchSilence(letGo: AbortController): { cancel(): void } {
    const startedAt = clock.now();
    let timer = scheduler.after(limits.silenceMs, look);
    function look(): void {
      const silentMs = clock.now() - Math.max(startedAt, heardAt ?? 0);
      if (silentMs < limits.silenceMs) timer = scheduler.after(limits.silenceMs - silentMs, look);
      else letGo.abort(new DOMException('the watch fell silent', 'TimeoutError'));
    }
    return { cancel: () => timer.cancel() };
  }

  function pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = scheduler.after(ms, resolve);
    const end = () => {
      timer.cancel();
      resolve();
    };
    stopping.signal.addEventListener('abort', end, { once: true });
    return promise.finally(() => stopping.signal.removeEventListener('abort', end));
  }

  const running = run();
  return {
    tried: tried.promise,
    state: () => ({ heardAt, isOpen, openedAt, error }),
    async stop() {
      stopping.abort();
      await running;
      tried.resolve();
    },
  };
}
