/** Label and field selectors, with the real server's complaints about what it cannot parse. */
import { at } from './json.ts';
import { badRequest } from './status.ts';
import type { Json, JsonObject, LabelSelector } from './types.ts';

export type Labels = Record<string, string> | undefined;
export type LabelTest = (labels: Labels) => boolean;

/** @throws ApiError 400 worded as the real parser words it. */
export function parseLabelSelector(text: string): LabelTest {
  const tokens = tokenise(text);
  const tests: LabelTest[] = [];
  let index = 0;
  const peek = () => tokens[index] ?? '';
  const take = () => tokens[index++] ?? '';

  while (index < tokens.length) {
    tests.push(requirement());
    const next = take();
    if (next !== '' && next !== ',') throw badRequest(`found '${next}', expected: ',' or 'end of string'`);
    if (next === ',' && peek() === '') throw badRequest("found '', expected: identifier after ','");
  }
  return (labels) => tests.every((test) => test(labels));

  function requirement(): LabelTest {
    const negated = peek() === '!';
    if (negated) take();
    const key = take();
    if (!isWord(key))
      throw badRequest(
        `unable to parse requirement: found '${key}', expected: !, identifier, or 'end of string'`,
      );
    if (negated) return (labels) => labels?.[key] === undefined;
    const operator = peek();
    if (operator === '' || operator === ',') return (labels) => labels?.[key] !== undefined;
    if (operator === 'in' || operator === 'notin') {
      take();
      const values = valueSet();
      return (labels) => values.includes(labels?.[key] ?? '\0') === (operator === 'in');
    }
    if (operator === '=' || operator === '==' || operator === '!=') {
      take();
      const value = isWord(peek()) ? take() : '';
      return (labels) => ((labels?.[key] ?? '\0') === value) === (operator !== '!=');
    }
    throw badRequest(
      `unable to parse requirement: found '${operator}', expected: in, notin, =, ==, !=, gt, lt`,
    );
  }

  function valueSet(): string[] {
    if (take() !== '(') throw badRequest("unable to parse requirement: found '', expected: '('");
    const values: string[] = [];
    for (;;) {
      const token = take();
      if (token === ')') return values;
      if (token === ',') continue;
      if (!isWord(token))
        throw badRequest(`unable to parse requirement: found '${token}', expected: ',' or ')'`);
      values.push(token);
    }
  }
}

function tokenise(text: string): string[] {
  return text.match(/==|!=|[=!,()<>]|[^\s=!,()<>]+/g) ?? [];
}

function isWord(token: string): boolean {
  return token !== '' && !/^(==|!=|[=!,()<>])$/.test(token);
}

/** The `matchLabels`/`matchExpressions` form that objects carry. An empty selector matches everything. */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (!selector) return false;
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (labels?.[key] !== value) return false;
  }
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels?.[key];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    if (operator === 'In') return value !== undefined && values.includes(value);
    return value === undefined || !values.includes(value);
  });
}

/** As `kubectl` and the scale subresource write a selector. */
export function selectorText(selector: LabelSelector): string {
  const parts = Object.entries(selector.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    if (operator === 'Exists') parts.push(key);
    else if (operator === 'DoesNotExist') parts.push(`!${key}`);
    else parts.push(`${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`);
  }
  return parts.join(',');
}

export type FieldTest = (object: JsonObject) => boolean;

/** The fields besides name and namespace that a resource can be selected by. Source: the registries of 1.32. */
const selectable: Record<string, readonly string[]> = {
  '/pods': [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  '/events': [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  '/namespaces': ['status.phase', 'name'],
  '/nodes': ['spec.unschedulable'],
  '/secrets': ['type'],
  '/services': ['spec.clusterIP', 'spec.type'],
  'apps/replicasets': ['status.replicas'],
  'batch/jobs': ['status.successful'],
};

/** Resources that word an unknown field as `field label not supported`. */
const plainWording = new Set(['/pods', '/events', '/nodes', '/namespaces', '/secrets', '/services']);

/** @throws ApiError 400 for a selector that cannot be parsed or a field that this resource does not offer. */
export function parseFieldSelector(text: string, storage: string, isCustom: boolean): FieldTest {
  const known = ['metadata.name', 'metadata.namespace', ...(selectable[storage] ?? [])];
  const tests = text
    .split(',')
    .filter((part) => part !== '')
    .map((part): FieldTest => {
      const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(part);
      if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
      const [, field = '', operator, value = ''] = match;
      if (!known.includes(field)) {
        throw badRequest(
          isCustom || plainWording.has(storage)
            ? `field label not supported: ${field}`
            : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
        );
      }
      return (object) => (fieldText(object, field) === value) === (operator !== '!=');
    });
  return (object) => tests.every((test) => test(object));
}

function fieldText(object: JsonObject, field: string): string {
  const path =
    field === 'source' ? ['source', 'component'] : field === 'name' ? ['metadata', 'name'] : field.split('.');
  const value: Json | undefined = at(object, ...path);
  if (value === undefined || value === null) return field === 'spec.hostNetwork' ? 'false' : '';
  return String(value);
}
