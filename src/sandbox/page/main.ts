/** Where the page begins. */
import { render } from 'preact';
import { App } from './app/app.ts';
import { readWorld } from './data/control.ts';
import { html } from './html.ts';
import { loadEmoji } from './text/emoji.ts';

const retryMs = 1_000;

async function boot(root: HTMLElement): Promise<void> {
  try {
    const [world] = await Promise.all([readWorld(), loadEmoji()]);
    document.title = `${world.workspace.name} · sandbox`;
    root.replaceChildren();
    render(html`<${App} world=${world} />`, root);
  } catch {
    root.textContent = 'The sandbox is away. Waiting for it to come back…';
    setTimeout(() => void boot(root), retryMs);
  }
}

const root = document.getElementById('app');
if (root) void boot(root);
