/**
 * The parameters of a Backstage template (`scaffolder.backstage.io/v1beta3`): one schema or a list of pages, each of
 * which may say when it is shown.
 */
import type { InputSchema } from '../core/input-schema.ts';
import type { Read, Source } from '../documents/document.ts';
import { isRecord, textOf } from './json-schema.ts';
import { type Found, notFound, readSource } from './read-source.ts';

export function readTemplate(source: Source): Read<InputSchema> {
  return readSource(source, find);
}

function find(document: unknown): Found {
  if (!isRecord(document) || document.kind !== 'Template')
    return notFound([], 'This is no template of Backstage.');
  const { parameters = [] } = isRecord(document.spec) ? document.spec : {};
  const pages = [parameters].flat();
  const wrong = pages.findIndex((page) => !isRecord(page));
  if (wrong >= 0) return notFound(['spec', 'parameters', wrong], 'a page is a map of keywords.');
  const allOf = pages.filter(isRecord).map((page) => {
    const { when, title: _title, description: _description, ...schema } = page;
    const condition = when === undefined ? undefined : conditionOf(when);
    if (when === undefined) return schema;
    // Of a condition that we cannot read all is asked for, and nothing is required.
    if (condition === undefined) return { ...schema, required: [] };
    return Object.fromEntries([
      ['if', condition],
      ['then', schema],
    ]);
  });
  // Page by page, also where a page appears only later.
  const order = pages.flatMap((page) =>
    isRecord(page) && isRecord(page.properties) ? Object.keys(page.properties) : [],
  );
  return {
    ok: true,
    value: { at: ['spec', 'parameters'], schema: { type: 'object', allOf, 'ui:order': order } },
  };
}

/** `${{ parameters.cloud === 'AWS' }}`, `${{ parameters.isOn }}`, `${{ not parameters.isOn }}`. */
function conditionOf(when: unknown): unknown {
  const [, expression = ''] = /^\s*\$\{\{(.*)\}\}\s*$/su.exec(textOf(when)) ?? [];
  const [, not, name, operator, quoted, bare] =
    /^\s*(not\s+|!\s*)?parameters\.(\w+)\s*(?:(===?|!==?)\s*(?:["']([^"']*)["']|(true|false|\d+)))?\s*$/u.exec(
      expression,
    ) ?? [];
  if (name === undefined) return undefined;
  const value = quoted ?? (bare === undefined ? true : JSON.parse(bare));
  const holds = { properties: { [name]: { const: value } }, required: [name] };
  const isNegative = (not !== undefined) !== (operator?.startsWith('!') ?? false);
  return isNegative ? { not: holds, properties: { [name]: {} } } : holds;
}
