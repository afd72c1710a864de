import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPage } from '../../../src/sandbox/page-server.ts';

const page = createPage();
const get = (path: string) => page.request(path);

describe('the page is served so that nothing foreign runs in it', () => {
  it('its policy allows no inline script but the import map, by its hash', async () => {
    const response = await get('/');
    const html = await response.text();
    const policy = response.headers.get('content-security-policy') ?? '';
    const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
      (match) => match[1] ?? '',
    );
    expect(inline).toHaveLength(1);
    const hash = createHash('sha256')
      .update(inline[0] ?? '')
      .digest('base64');
    expect(policy).toContain(`script-src 'self' 'sha256-${hash}'`);
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(html).not.toMatch(/\sstyle=|\son[a-z]+=/);
  });

  it('every answer forbids sniffing, referrers and frames', async () => {
    for (const path of ['/', '/page/client/main.ts', '/page/emoji.json']) {
      const { headers } = await get(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
  });

  it.each([
    '/page/client/../page-server.ts',
    '/page/client/%2e%2e/serve.ts',
    '/page/client/tsconfig.json',
    '/page/fonts/inter/../package.json',
    '/page/lib/zod.js',
    '/page/client/nowhere.ts',
  ])('%s is not there', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

describe('a permalink opens the page at its message', () => {
  it('with the thread that it belongs to', async () => {
    const response = await get('/archives/C0DEPLOYS/p1763712582000200?thread_ts=1763712500.000100');
    expect(response.headers.get('location')).toBe(
      '/?in=C0DEPLOYS&at=1763712582.000200&thread=1763712500.000100',
    );
  });
});

describe('the page needs no build', () => {
  it('everything it loads is there, is JavaScript, and has lost its types', async () => {
    const seen = new Set<string>();
    const html = await (await get('/')).text();
    const importMap = JSON.parse(/<script type="importmap">(.*?)<\/script>/.exec(html)?.[1] ?? '{}') as {
      imports: Record<string, string>;
    };
    const visit = async (path: string): Promise<void> => {
      if (seen.has(path)) return;
      seen.add(path);
      const response = await get(path);
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get('content-type')).toContain('text/javascript');
      const code = await response.text();
      expect(code).not.toMatch(/^\s*(?:import|export) type|^export interface/m);
      for (const [, specifier = ''] of code.matchAll(/from\s*["']([^"']+)["']/g)) {
        const target = specifier.startsWith('.')
          ? new URL(specifier, `http://page${path}`).pathname
          : importMap.imports[specifier];
        if (target !== undefined) await visit(target);
        else expect([path, specifier]).toEqual([path, 'known']);
      }
    };
    await visit('/page/client/main.ts');
    expect(seen.size).toBeGreaterThan(50);
  });

  it('every stylesheet and font that the document names is there', async () => {
    const html = await (await get('/')).text();
    const sheets = [...html.matchAll(/rel="stylesheet" href="([^"]+)"/g)].map((match) => match[1] ?? '');
    for (const sheet of sheets)
      expect([sheet, (await get(sheet)).headers.get('content-type')]).toEqual([
        sheet,
        'text/css; charset=utf-8',
      ]);
    expect((await get('/page/fonts/emoji/twemoji.woff2')).headers.get('content-type')).toBe('font/woff2');
  });

  it('knows the emoji that apps use most', async () => {
    const known = (await (await get('/page/emoji.json')).json()) as Record<string, string>;
    expect(known).toMatchObject({
      rocket: '🚀',
      white_check_mark: '✅',
      large_green_circle: '🟢',
      thumbsup: '👍',
      eyes: '👀',
    });
  });
});
