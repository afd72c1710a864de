/** The app's Home tab. */
import { useEffect, useMemo } from 'preact/hooks';
import { Avatar } from '../app/avatar.ts';
import { Blocks } from '../blocks/blocks.ts';
import { useScreen } from '../data/screen.ts';
import { createUnsentTexts, SurfaceProvider } from '../elements/surface.ts';
import { html, type VNode } from '../html.ts';

export function HomeTab(): VNode {
  const { act, view, person, goTo } = useScreen();
  const unsent = useMemo(createUnsentTexts, []);
  const { home, app, me } = view;
  // Slack tells the app whenever somebody looks at its Home.
  useEffect(
    () => void act({ do: 'open-home' }, { quiet: true }),
    [me.id, view.bootId, view.connection.arrivals],
  );

  const surface = { place: { home: true } as const, state: home?.state ?? {}, errors: {}, unsent };
  const directMessage = view.channels.find(
    ({ kind, members }) => kind === 'im' && members.includes(app.botUserId),
  );
  return html`<section class="main" aria-label=${`${app.name}, Home`}>
    <header class="pane-head home-head">
      <${Avatar} person=${person(app.botUserId)} size="medium" />
      <div class="pane-title"><h1>${app.name}</h1><span class="badge badge-bot">App</span></div>
      <div class="tabs" role="tablist">
        <button type="button" role="tab" aria-selected="true">Home</button>
        ${directMessage && html`<button type="button" role="tab" aria-selected="false" onClick=${() => goTo({ channel: directMessage.id })}>Messages</button>`}
      </div>
    </header>
    <div class="home-scroll" tabindex="0" role="tabpanel" aria-label="Home">
      <div class="home-page">
        ${
          home
            ? html`<${SurfaceProvider} value=${surface}><${Blocks} blocks=${home.blocks} /></${SurfaceProvider}>`
            : html`<div class="empty"><h2>Nothing here yet</h2><p>${app.name} has not published a Home tab for you.</p></div>`
        }
      </div>
    </div>
  </section>`;
}
