/** What people are told about secrets, and the search for those that somebody gave all the same. */
import { count } from '../core/text.ts';
import { isRecord } from './json-schema.ts';
import type { Plan, SecretProperty } from './plan.ts';
import { soundsSecret } from './secrets.ts';
import type { ValueMistake } from './sentences.ts';

const shownMax = 4;

/** One sentence for each, and how it is given instead. */
export function leftOutOf(secrets: readonly SecretProperty[]): readonly string[] {
  const sentences = secrets.slice(0, shownMax).map((secret) => `${secret.path} ${secretText(secret)}.`);
  const more = secrets.length - sentences.length;
  return more > 0
    ? [...sentences, `${count(more, 'more secret is', 'more secrets are')} left out.`]
    : sentences;
}

export function obstacleOf(secrets: readonly SecretProperty[]): { obstacle?: string } {
  const required = secrets.find(({ isRequired }) => isRequired);
  if (!required) return {};
  return { obstacle: `${required.path} is required, and a secret: it ${secretText(required)}.` };
}

/** Goes on after the name of the property. */
export function secretText({ reference }: SecretProperty): string {
  const instead =
    reference === undefined
      ? 'put it into a Secret where it is used, with your own rights'
      : `put it into a Secret with your own rights and name that in ${reference}`;
  return `is never asked for in chat: ${instead}`;
}

/** Whatever looks like a secret and is not one of the fields that people were asked for; YAML is searched too. */
export function secretMistakes(values: unknown, plan: Plan): ValueMistake[] {
  const secrets = new Map(plan.secrets.map((secret) => [secret.path, secret]));
  const asked = new Set(plan.fields.map(({ field }) => field.path));
  const found: ValueMistake[] = [];
  const search = (value: unknown, keys: readonly string[]): void => {
    const path = keys.join('.');
    const known = secrets.get(path);
    const name = keys.findLast((key) => !/^\d+$/u.test(key)) ?? '';
    const isSuspect = known !== undefined || (soundsSecret(name) && !asked.has(path) && isText(value));
    if (isSuspect && !isNothing(value)) {
      found.push({ keys, text: secretText(known ?? { path, isRequired: false, reference: undefined }) });
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) search(inner, [...keys, key]);
  };
  if (isRecord(values)) search(values, []);
  return found;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}
