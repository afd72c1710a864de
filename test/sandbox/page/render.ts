/**
 * Draws parts of the page to a string, without a browser. The page is typed for browsers and the tests are not, so
 * it is imported by address, out of the compiler's sight.
 */
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';

const page = new URL('../../../src/sandbox/page/', import.meta.url);
const load = (path: string) => import(/* @vite-ignore */ new URL(path, page).pathname);

/** Enough of a person's screen for texts and blocks. */
const screen = {
  view: {
    me: {
      id: 'U0DANA',
      name: 'dana',
      realName: 'Dana Fox',
      title: '',
      kind: 'member',
      timeZone: 'Europe/Berlin',
    },
    people: [],
    groups: [{ id: 'S0SRE', handle: 'sre', name: 'SRE', members: [] }],
    channels: [],
  },
  isLive: true,
  person: (id: string) => (id === 'U0SAM' ? { id, realName: 'Sam Okoye', title: 'SRE' } : undefined),
  channel: () => undefined,
  now: () => Date.UTC(2026, 10, 21, 12),
};

export async function renderMrkdwn(text: string): Promise<string> {
  const [{ MrkdwnText }, { ScreenProvider }] = await Promise.all([
    load('text/mrkdwn-text.ts'),
    load('data/screen.ts'),
  ]);
  return renderToString(h(ScreenProvider, { value: screen }, h(MrkdwnText, { text })));
}

export async function renderMarkdown(text: string): Promise<string> {
  const { MarkdownText } = await load('text/markdown-text.ts');
  return renderToString(h(MarkdownText, { text }));
}

export async function renderAttachments(list: readonly object[]): Promise<string> {
  const [{ Attachments }, { ScreenProvider }] = await Promise.all([
    load('message/attachments.ts'),
    load('data/screen.ts'),
  ]);
  return renderToString(h(ScreenProvider, { value: screen }, h(Attachments, { list })));
}

export async function renderBlocks(blocks: readonly object[]): Promise<string> {
  const [{ Blocks }, { ScreenProvider }, { SurfaceProvider }] = await Promise.all([
    load('blocks/blocks.ts'),
    load('data/screen.ts'),
    load('elements/surface.ts'),
  ]);
  const surface = {
    place: { home: true },
    state: {},
    errors: {},
    unsent: { join: () => () => {}, sendAll: async () => {} },
  };
  const content = h(SurfaceProvider, { value: surface }, h(Blocks, { blocks }));
  return renderToString(h(ScreenProvider, { value: screen }, content));
}
