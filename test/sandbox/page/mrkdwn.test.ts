import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Inline,
  parseInline,
  parseMrkdwn,
  type TextBlock,
} from '../../../src/sandbox/page/text/mrkdwn.ts';
import { decodeEntities, safeImageUrl, safeUrl } from '../../../src/sandbox/page/text/safe.ts';
import { renderMarkdown, renderMrkdwn } from './render.ts';

const text = (value: string): Inline => ({ kind: 'text', text: value });

describe('mrkdwn is read as Slack reads it', () => {
  it('styles whole words, and leaves stars and underscores inside words alone', () => {
    expect(parseInline('*bold* and snake_case_name, 2*3*4')).toEqual([
      { kind: 'bold', children: [text('bold')] },
      text(' and snake_case_name, 2*3*4'),
    ]);
  });

  it('nests styles, but never inside code', () => {
    expect(parseInline('*a _b_ `*c*`*')).toEqual([
      {
        kind: 'bold',
        children: [
          text('a '),
          { kind: 'italic', children: [text('b')] },
          text(' '),
          { kind: 'code', text: '*c*' },
        ],
      },
    ]);
  });

  it('knows people, channels, groups, everybody and dates', () => {
    expect(
      parseInline('<@U0SAM> <#C0DEPLOYS|deploys> <!subteam^S0SRE|@sre> <!here>').filter(
        (one) => one.kind !== 'text',
      ),
    ).toEqual([
      { kind: 'user', id: 'U0SAM', label: '' },
      { kind: 'channel', id: 'C0DEPLOYS', label: 'deploys' },
      { kind: 'group', id: 'S0SRE', label: '@sre' },
      { kind: 'broadcast', range: 'here' },
    ]);
    expect(parseInline('<!date^1795262400^{date_short} at {time}^https://acme.example/|soon>')).toEqual([
      {
        kind: 'date',
        atSeconds: 1795262400,
        format: '{date_short} at {time}',
        url: 'https://acme.example/',
        fallback: 'soon',
      },
    ]);
  });

  it('makes blocks of fences, quotes and list lines', () => {
    const kinds = parseMrkdwn('hello\n&gt; quoted\n• one\n1. two\n```code\n*kept*```\nend').map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual(['paragraph', 'quote', 'item', 'item', 'fence', 'paragraph']);
  });

  it('shows what was escaped as the characters they stand for, once', () => {
    expect(parseInline('&lt;b&gt; &amp;lt;')).toEqual([text('<b> &lt;')]);
    expect(decodeEntities('&amp;amp;')).toBe('&amp;');
  });

  it('leaves bare addresses alone when the text is verbatim', () => {
    expect(parseInline('https://acme.example')[0]?.kind).toBe('link');
    expect(parseInline('https://acme.example', { verbatim: true })).toEqual([text('https://acme.example')]);
  });
});

describe('untrusted text never becomes markup', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc
      .array(
        fc.constantFrom(
          '<',
          '>',
          '*',
          '_',
          '~',
          '`',
          '```',
          '|',
          '&lt;',
          '&amp;',
          '\n',
          ' ',
          'a',
          '<script>',
          'javascript:alert(1)',
          'https://x.example/',
          '<@U0SAM>',
          '<!date^1^{date}^javascript:x|y>',
          '"onload="',
          ':tada:',
          '> ',
          '• ',
        ),
        { maxLength: 24 },
      )
      .map((parts) => parts.join('')),
  );

  it('whatever is typed, parsing ends and every link can only open a page or a mail', () => {
    fc.assert(
      fc.property(nasty, (input) => {
        for (const url of parseMrkdwn(input).flatMap(linksOf)) expect(url).toMatch(/^(?:https?|mailto):/);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('whatever is typed, only our own elements and attributes are drawn', async () => {
    const ours = /^(?:div|p|br|strong|em|s|code|pre|blockquote|span|a|time|button)$/;
    await fc.assert(
      fc.asyncProperty(nasty, async (input) => {
        for (const [, tag, attributes] of (await renderMrkdwn(input)).matchAll(/<([a-z0-9]+)([^>]*)>/gi)) {
          expect(tag).toMatch(ours);
          expect(attributes?.replace(/"[^"]*"/g, '')).not.toMatch(/\bon[a-z]+=/i);
          expect(attributes).not.toMatch(/(?:href|src)="(?!https?:|mailto:)/i);
        }
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('HTML inside a markdown block is shown as it was typed', async () => {
    const drawn = await renderMarkdown('hi <img src=x onerror=alert(1)> [x](javascript:alert(1)) **b**');
    expect(drawn).not.toContain('<img');
    expect(drawn).not.toContain('href');
    expect(drawn).toContain('<strong>b</strong>');
  });

  it('pictures are http, https or PNG data', () => {
    expect(safeImageUrl('https://acme.example/a.png')).toBe('https://acme.example/a.png');
    expect(safeImageUrl('data:image/png;base64,AAAA')).toBe('data:image/png;base64,AAAA');
    for (const bad of [
      'data:image/svg+xml;base64,AAAA',
      'javascript:alert(1)',
      'file:///etc/passwd',
      '/relative',
      7,
    ]) {
      expect(safeImageUrl(bad)).toBeUndefined();
    }
    expect(safeUrl('JaVaScRiPt:alert(1)')).toBeUndefined();
  });
});

function linksOf(block: TextBlock): string[] {
  if (block.kind === 'fence') return [];
  if (block.kind === 'quote') return block.children.flatMap(linksOf);
  return block.children.flatMap(inlineLinks);
}

function inlineLinks(node: Inline): string[] {
  if (node.kind === 'link') return [node.url];
  if (node.kind === 'date') return node.url === undefined ? [] : [node.url];
  return 'children' in node ? node.children.flatMap(inlineLinks) : [];
}
