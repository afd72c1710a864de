/** A live stream from the sandbox that comes back by itself after the sandbox was away. */

export interface Feed {
  close(): void;
}

interface FeedHandlers {
  readonly onData: (data: unknown) => void;
  /** Called with every change: `false` as soon as the stream breaks, `true` when it flows again. */
  readonly onLive: (isLive: boolean) => void;
}

const retryMs = 1_000;

/** EventSource gives up for good when a proxy or a starting server answers an error, so each try is a new one. */
export function openFeed(path: string, handlers: FeedHandlers): Feed {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  const open = () => {
    if (isClosed || document.hidden) return;
    source?.close();
    source = new EventSource(path);
    source.onmessage = (event: MessageEvent<string>) => {
      handlers.onLive(true);
      handlers.onData(JSON.parse(event.data));
    };
    source.onerror = () => {
      source?.close();
      handlers.onLive(false);
      clearTimeout(retry);
      retry = setTimeout(open, retryMs);
    };
  };
  // A browser opens six connections to one server at most, over all its tabs: those nobody looks at give theirs back.
  const onVisibility = () => {
    clearTimeout(retry);
    if (document.hidden) source?.close();
    else open();
  };
  document.addEventListener('visibilitychange', onVisibility);
  open();

  return {
    close: () => {
      isClosed = true;
      document.removeEventListener('visibilitychange', onVisibility);
      clearTimeout(retry);
      source?.close();
    },
  };
}
