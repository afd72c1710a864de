import { describe, expect, test } from 'vitest';
import { createSeals, readKeys } from '../../src/codes/sealing.ts';

const key = (byte: number) => Buffer.alloc(32, byte);
const seals = (...named: [string, Buffer][]) => {
  const made = createSeals(new Map(named));
  if (!made) throw new Error('no keys');
  return made;
};

describe('what is sealed', () => {
  test('is opened for its owner alone', () => {
    const one = seals(['a', key(1)]);
    const sealed = one.seal('secret', 'U0SAM');
    expect(sealed).toMatch(/^a\./);
    expect(sealed).not.toContain('secret');
    expect(one.open(sealed, 'U0SAM')).toBe('secret');
    expect(one.open(sealed, 'U0EVE')).toBeUndefined();
  });

  test('differs each time, and opens no more when a character of it was changed', () => {
    const one = seals(['a', key(1)]);
    const sealed = one.seal('secret', 'U0SAM');
    expect(one.seal('secret', 'U0SAM')).not.toBe(sealed);
    for (const part of [1, 2, 3]) {
      const parts = sealed.split('.');
      parts[part] = parts[part]?.startsWith('A') ? `B${parts[part].slice(1)}` : `A${parts[part]?.slice(1)}`;
      expect(one.open(parts.join('.'), 'U0SAM')).toBeUndefined();
    }
    for (const broken of ['', 'a', 'a.b', 'a.b.c', 'b.c.d.e']) {
      expect(one.open(broken, 'U0SAM')).toBeUndefined();
    }
    const [id, nonce, tag = '', body] = sealed.split('.');
    expect(one.open([id, nonce, tag.slice(0, 6), body].join('.'), 'U0SAM')).toBeUndefined();
  });

  test('outlives a new key while the old one is kept, and says that it is old', () => {
    const sealed = seals(['old', key(1)]).seal('secret', 'U0SAM');
    const both = seals(['new', key(2)], ['old', key(1)]);
    expect(both.open(sealed, 'U0SAM')).toBe('secret');
    expect(both.isNewest(sealed)).toBe(false);
    expect(both.isNewest(both.seal('secret', 'U0SAM'))).toBe(true);
    expect(seals(['new', key(2)]).open(sealed, 'U0SAM')).toBeUndefined();
    expect(seals(['old', key(2)]).open(sealed, 'U0SAM')).toBeUndefined();
  });
});

describe('keys', () => {
  const text = key(1).toString('base64');
  test('have names, the one that seals first', () => {
    const read = readKeys(`2027-01:${text}, 2026-11:${text}`);
    expect([...(read?.keys() ?? [])]).toEqual(['2027-01', '2026-11']);
    expect(createSeals(new Map())).toBeUndefined();
  });

  test.each(['', 'a', text, 'a:', 'a:c2hvcnQ=', `a:${text},`, `a:${text},a:${text}`, `a b:${text}`])(
    '"%s" is no key',
    (wrong) => expect(readKeys(wrong)).toBeUndefined(),
  );
});
