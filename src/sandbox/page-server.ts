/**
 * Serves the sandbox's page without a build: client modules are TypeScript, stripped of their types when they are
 * asked for; the few libraries come from node_modules as they are. Everything is same-origin, nothing is inline
 * but the import map, whose hash the Content-Security-Policy names.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { Hono } from 'hono';
import { emojiByName } from './page-emoji.ts';

const pageDirectory = new URL('./page/', import.meta.url);
/** The one file outside of the page's folder that its client loads: types, routes, and a pure function. */
const protocolFile = new URL('./protocol.ts', import.meta.url);

/** What the client may import by a bare name, and the file that answers. */
const libraries: Readonly<Record<string, string>> = {
  preact: import.meta.resolve('preact'),
  'preact/hooks': import.meta.resolve('preact/hooks'),
  htm: import.meta.resolve('htm'),
  marked: import.meta.resolve('marked'),
};

/** Font packages: their stylesheet, and with it the files that lie beside or below it. */
const fonts: Readonly<Record<string, string>> = {
  inter: import.meta.resolve('@fontsource-variable/inter/wght.css'),
  emoji: import.meta.resolve('twemoji-colr-font/twemoji.css'),
};

const importMap = JSON.stringify({
  imports: Object.fromEntries(Object.keys(libraries).map((name) => [name, libraryPath(name)])),
});

const contentSecurityPolicy = [
  "default-src 'self'",
  `script-src 'self' 'sha256-${createHash('sha256').update(importMap).digest('base64')}'`,
  "style-src 'self'",
  // Block Kit images name any address; a picture cannot run code.
  "img-src 'self' data: http: https:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const stylesheets = [
  'tokens',
  'base',
  'layout',
  'sidebar',
  'messages',
  'files',
  'text',
  'blocks',
  'fields',
  'composer',
  'modal',
  'drawer',
  'phone',
];

/** The page as a Hono app with absolute paths (`/` and `/page/*`): mount it at the root of the Slack box. */
export function createPage(): Hono {
  const page = new Hono();
  const modules = createModuleCache();

  page.use(async (context, next) => {
    await next();
    context.header('content-security-policy', contentSecurityPolicy);
    context.header('x-content-type-options', 'nosniff');
    context.header('referrer-policy', 'no-referrer');
    context.header('cross-origin-opener-policy', 'same-origin');
    context.header('cross-origin-resource-policy', 'same-origin');
    // Files change under a running sandbox while somebody works on them: always ask.
    if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-cache');
  });

  page.get('/', (context) => context.html(indexDocument()));

  // A permalink that is opened in a tab of its own.
  page.get('/archives/:channel{[A-Z0-9]+}/:message{p[0-9]{16}}', (context) => {
    const { channel, message } = context.req.param();
    const query = new URLSearchParams({ in: channel, at: `${message.slice(1, 11)}.${message.slice(11)}` });
    const thread = context.req.query('thread_ts');
    if (thread !== undefined) query.set('thread', thread);
    return context.redirect(`/?${query}`);
  });

  page.get('/page/emoji.json', (context) => context.json(emojiByName()));

  page.get('/page/lib/:name', async (context) => {
    const name = Object.keys(libraries).find((key) => libraryPath(key) === context.req.path);
    const file = name === undefined ? undefined : libraries[name];
    if (file === undefined) return context.notFound();
    return respond(await readFile(new URL(file)), 'text/javascript');
  });

  page.get('/page/fonts/:family/:path{(?:files/)?[a-z0-9-]+\\.(?:css|woff2)}', async (context) => {
    const sheet = fonts[context.req.param('family')];
    const path = context.req.param('path');
    const content = sheet === undefined ? undefined : await readOrUndefined(new URL(path, sheet));
    if (!content) return context.notFound();
    if (path.endsWith('.css')) return respond(content, 'text/css');
    return respond(content, 'font/woff2', { 'cache-control': 'max-age=86400' });
  });

  // The addresses mirror the folders, so that the client's relative imports hold in both.
  page.get('/page/protocol.ts', async () =>
    respond((await modules.read(protocolFile)) ?? '', 'text/javascript'),
  );

  // No dot is allowed before the ending, so no path can climb out of the page's folder.
  page.get('/page/client/:path{[a-z0-9/-]+\\.(?:ts|css|svg)}', async (context) => {
    const file = new URL(context.req.param('path'), pageDirectory);
    if (file.pathname.endsWith('.ts')) {
      const code = await modules.read(file);
      return code === undefined ? context.notFound() : respond(code, 'text/javascript');
    }
    const content = await readOrUndefined(file);
    if (!content) return context.notFound();
    return respond(content, file.pathname.endsWith('.css') ? 'text/css' : 'image/svg+xml');
  });

  return page;
}

function libraryPath(name: string): string {
  return `/page/lib/${name.replaceAll('/', '-')}.js`;
}

function indexDocument(): string {
  const sheets = [
    'fonts/inter/wght.css',
    'fonts/emoji/twemoji.css',
    ...stylesheets.map((s) => `client/styles/${s}.css`),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<title>Acme · sandbox</title>
<link rel="icon" href="/page/client/icons/favicon.svg" type="image/svg+xml">
${sheets.map((sheet) => `<link rel="stylesheet" href="/page/${sheet}">`).join('\n')}
<script type="importmap">${importMap}</script>
<script type="module" src="/page/client/theme-boot.ts"></script>
<script type="module" src="/page/client/main.ts"></script>
</head>
<body>
<div id="app"><p class="boot">Opening the sandbox…</p></div>
<noscript>The sandbox's page needs JavaScript.</noscript>
</body>
</html>
`;
}

/** Stripped modules, kept until their file changes. */
function createModuleCache() {
  const cache = new Map<string, { mtimeMs: number; code: string }>();
  return {
    /** The module as JavaScript, or `undefined` when there is no such file. */
    async read(file: URL): Promise<string | undefined> {
      const found = await stat(file).catch(() => undefined);
      if (!found?.isFile()) return undefined;
      const known = cache.get(file.href);
      if (known?.mtimeMs === found.mtimeMs) return known.code;
      const code = toJavaScript(await readFile(file, 'utf8'), file);
      cache.set(file.href, { mtimeMs: found.mtimeMs, code });
      return code;
    },
  };
}

/** A module that cannot be stripped becomes one that says so where its reader looks: in the browser's console. */
function toJavaScript(source: string, file: URL): string {
  try {
    return withoutExperimentalWarning(() => stripTypeScriptTypes(source));
  } catch (error) {
    const name = file.pathname.slice(file.pathname.lastIndexOf('/') + 1);
    const reason = error instanceof Error ? error.message : String(error);
    return `throw new SyntaxError(${JSON.stringify(`${name} is not plain strippable TypeScript: ${reason}`)});`;
  }
}

/** Node 24 calls stripTypeScriptTypes experimental, once, on stderr. Only that one sentence is held back. */
function withoutExperimentalWarning<T>(work: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    if (!String(warning).includes('stripTypeScriptTypes')) emitWarning.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

async function readOrUndefined(file: URL): Promise<Buffer | undefined> {
  return readFile(file).catch(() => undefined);
}

function respond(body: Buffer | string, type: string, headers: Record<string, string> = {}): Response {
  const charset = type.startsWith('text/') ? '; charset=utf-8' : '';
  const bytes = typeof body === 'string' ? body : new Uint8Array(body);
  return new Response(bytes, { headers: { 'content-type': `${type}${charset}`, ...headers } });
}
