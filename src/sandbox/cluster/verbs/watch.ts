/**
 * watch: changes as they happen, from a revision on. An object that begins to match a selector is ADDED, one that
 * stops is DELETED. Bookmarks tell how far the client has come; a forgotten revision is a 410 inside the stream.
 */
import type { ListOptions } from '../options.ts';
import { type Resource, storageOf } from '../registry.ts';
import { expired } from '../status.ts';
import type { Change } from '../store.ts';
import type { JsonObject, KubeObject } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { asServed } from './as-served.ts';
import { listObjects, type Selection, selects } from './read.ts';

/** How often an idle watch that wants them gets a bookmark, in ms. Source: the API server's watch cache, about a minute. */
const bookmarkEveryMs = 60_000;
/** Without `timeoutSeconds` the real server ends a watch after 30 to 60 minutes. */
const watchTimeoutSeconds = 1_800;

export interface Streams {
  /** Ends every open watch and followed log, as a stopping server does. */
  closeAll(): void;
  add(close: () => void): () => void;
}

export function createStreams(): Streams {
  const open = new Set<() => void>();
  return {
    closeAll() {
      for (const close of [...open]) close();
      open.clear();
    },
    add(close) {
      open.add(close);
      return () => open.delete(close);
    },
  };
}

export function watchObjects(
  world: ClusterWorld,
  streams: Streams,
  resource: Resource,
  namespace: string | undefined,
  selection: Selection,
  options: ListOptions,
  render: (object: KubeObject) => JsonObject,
): ReadableStream<Uint8Array> {
  const { store, clock } = world;
  const storage = storageOf(resource);
  const encoder = new TextEncoder();
  let end = () => {};

  return new ReadableStream<Uint8Array>({
    start(controller) {
      let closed = false;
      let lastRevision = store.revision();
      const send = (type: string, object: JsonObject) => {
        if (!closed) controller.enqueue(encoder.encode(`${JSON.stringify({ type, object })}\n`));
      };
      const emit = (change: Change) => {
        if (change.storage !== storage || change.revision <= (options.resourceVersion ?? 0)) return;
        if (namespace !== undefined && change.object.metadata.namespace !== namespace) return;
        const type = typeFor(change, selection);
        lastRevision = change.revision;
        if (type) send(type, render(asServed(resource, seenBy(change, type))));
      };
      const bookmark = (annotations?: JsonObject) =>
        send('BOOKMARK', {
          kind: resource.kind,
          apiVersion: resource.group === '' ? resource.version : `${resource.group}/${resource.version}`,
          metadata: {
            resourceVersion: String(Math.max(lastRevision, store.revision())),
            creationTimestamp: null,
            ...(annotations ? { annotations } : {}),
          },
        });

      const from = options.resourceVersion ?? 0;
      const future = from > store.revision();
      const missed = from > 0 && !future ? store.since(from) : [];
      end = () => {
        if (closed) return;
        closed = true;
        unsubscribe();
        forget();
        timeout.cancel();
        heartbeat?.cancel();
        controller.close();
      };
      const unsubscribe = store.subscribe(emit);
      const forget = streams.add(() => end());
      const timeout = clock.after((options.timeoutSeconds ?? watchTimeoutSeconds) * 1000, () => end());
      let heartbeat: ReturnType<typeof clock.after> | undefined;

      if (missed === undefined) {
        send('ERROR', expired(`too old resource version: ${from} (${store.compactedAt() + 1})`).body);
        return end();
      }
      if (from === 0) {
        const { items } = listObjects(world, resource, namespace, selection, {
          limit: 0,
          bookmarks: false,
          sendInitialEvents: false,
        });
        for (const item of items) send('ADDED', render(item));
        if (options.sendInitialEvents && options.bookmarks) bookmark({ 'k8s.io/initial-events-end': 'true' });
      } else {
        for (const change of missed) emit(change);
        if (options.sendInitialEvents && options.bookmarks) bookmark({ 'k8s.io/initial-events-end': 'true' });
      }
      if (options.bookmarks) {
        const beat = () => {
          heartbeat = clock.after(bookmarkEveryMs, () => {
            bookmark();
            beat();
          });
        };
        beat();
      }
    },
    cancel: () => end(),
  });
}

/** What leaves a selection is shown as it was while it still belonged to it. */
function seenBy(change: Change, type: Change['type']): KubeObject {
  if (type !== 'DELETED' || change.type === 'DELETED' || !change.before) return change.object;
  const { before, object } = change;
  return { ...before, metadata: { ...before.metadata, resourceVersion: object.metadata.resourceVersion } };
}

function typeFor(change: Change, selection: Selection): Change['type'] | undefined {
  const now = change.type !== 'DELETED' && selects(selection, change.object);
  const before = change.before !== undefined && selects(selection, change.before);
  if (now) return before ? 'MODIFIED' : 'ADDED';
  return before ? 'DELETED' : undefined;
}
