/** CustomResourceDefinitions of the box's operators: real groups, versions and kinds, and the fields that matter here. */
import type { JsonObject } from '../types.ts';

export interface DefinitionOf {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly spec: JsonObject;
  readonly status: JsonObject;
  /** What `kubectl get` shows, by title. */
  readonly columns: Readonly<Record<string, string>>;
}

/** All of them are namespaced and have the status subresource. */
export function defineResource(wanted: DefinitionOf): JsonObject {
  const { group, version, kind, plural } = wanted;
  return {
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        kind,
        plural,
        singular: kind.toLowerCase(),
        listKind: `${kind}List`,
        shortNames: [...(wanted.shortNames ?? [])],
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: Object.entries(wanted.columns).map(([name, jsonPath]) => ({
            name,
            jsonPath,
            type: 'string',
          })),
          schema: {
            openAPIV3Schema: {
              type: 'object',
              required: ['spec'],
              properties: { spec: wanted.spec, status: wanted.status },
            },
          },
        },
      ],
    },
  };
}

export const text: JsonObject = { type: 'string' };
export const yes: JsonObject = { type: 'boolean' };
export const whole: JsonObject = { type: 'integer' };
/** Whatever somebody writes there: chart values, templates of Pods. */
export const anything: JsonObject = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

export function shape(properties: JsonObject, ...required: string[]): JsonObject {
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

/** Further fields are kept: of a large definition only what matters here is spelled out. */
export function open(properties: JsonObject, ...required: string[]): JsonObject {
  return { ...shape(properties, ...required), 'x-kubernetes-preserve-unknown-fields': true };
}

export function listOf(items: JsonObject): JsonObject {
  return { type: 'array', items };
}

export const conditionList: JsonObject = listOf(
  shape(
    {
      type: text,
      status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
      reason: text,
      message: text,
      lastTransitionTime: { type: 'string', format: 'date-time' },
      observedGeneration: { type: 'integer', format: 'int64' },
    },
    'type',
    'status',
  ),
);
