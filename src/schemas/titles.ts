/** What a field is called, and what is said of it. */
import { fit } from '../core/text.ts';
import type { PlannedField } from './plan.ts';
import type { Shape } from './shape.ts';

/** `persistence.storageClass` -> "Persistence: storage class"; the schema's own words when it has some. */
export function titleOf(name: string, shape: Shape, keys: readonly string[]): string {
  const own = shape.keywords.title?.trim();
  const parent = keys.at(-1);
  const prefix = parent === undefined ? '' : `${inWords(parent)}: `;
  const title = own ? own : inWords(name);
  return fit(prefix === '' || own ? capital(title) : `${capital(prefix)}${title}`, 150);
}

function inWords(name: string): string {
  return name
    .replaceAll(
      /([a-z0-9])([A-Z])(?=[a-z])/gu,
      (_whole, before: string, letter: string) => `${before} ${letter.toLowerCase()}`,
    )
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1 $2')
    .replaceAll(/[_-]+/gu, ' ')
    .trim();
}

function capital(text: string): string {
  return text === '' ? '–' : `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}

export function descriptionOf({ keywords, hints }: Shape): { description?: string } {
  const said = keywords.description?.replaceAll(/\s+/gu, ' ').trim() ?? '';
  const text = [said, hints.isImmutable ? 'It cannot be changed later.' : '']
    .filter((one) => one !== '')
    .join(' ');
  return text === '' ? {} : { description: fit(text, 300) };
}

/** Two fields called alike ("Size") are called with the part that they belong to. */
export function toldApart(fields: readonly PlannedField[]): PlannedField[] {
  const titles = fields.map(({ field }) => field.title);
  return fields.map((planned) => {
    const { field, keys } = planned;
    const parent = keys.at(-2);
    const isShared = titles.indexOf(field.title) !== titles.lastIndexOf(field.title);
    if (!isShared || parent === undefined) return planned;
    return {
      ...planned,
      field: { ...field, title: fit(`${capital(inWords(parent))}: ${field.title}`, 150) },
    };
  });
}
