/** Says when the sandbox or the app is away, and when they are back. */
import { useEffect, useRef } from 'preact/hooks';
import type { PersonView } from '../../protocol.ts';
import { html, type VNode } from '../html.ts';

interface Props {
  readonly view: PersonView;
  readonly isLive: boolean;
  readonly toast: (text: string) => void;
}

export function Banner({ view, isLive, toast }: Props): VNode | null {
  const { app, connection } = view;
  const before = useRef({
    isLive,
    bootId: view.bootId,
    connected: connection.connected,
    arrivals: connection.arrivals,
  });

  useEffect(() => {
    const was = before.current;
    const isNewWorld = was.bootId !== view.bootId;
    before.current = {
      isLive,
      bootId: view.bootId,
      connected: connection.connected,
      arrivals: connection.arrivals,
    };
    if (isNewWorld) toast('The sandbox is back, and starts afresh: what was here before is gone.');
    else if (!was.isLive && isLive) toast('The sandbox is back.');
    else if (!was.connected && connection.connected && connection.arrivals > 1) toast(`${app.name} is back.`);
  }, [isLive, view.bootId, connection.connected, connection.arrivals]);

  if (!isLive) {
    return html`<div class="banner banner-away" role="alert">
      <span class="spinner" aria-hidden="true"></span>
      <span><strong>The sandbox is away.</strong> What you see is how it was. It comes back by itself.</span>
    </div>`;
  }
  if (connection.connected) return null;
  return html`<div class="banner banner-app" role="status">
    <span class="banner-light" aria-hidden="true"></span>
    <span>
      <strong>${app.name} is not connected.</strong>
      ${connection.arrivals === 0 ? ' Start the app: commands and buttons fail until then.' : ' Commands and buttons fail until it is back.'}
    </span>
  </div>`;
}
