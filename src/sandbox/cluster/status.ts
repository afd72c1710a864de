/** The refusals of an API server, worded as the real one words them. Every error of the box is one of these. */
import type { Json, JsonObject } from './types.ts';

export interface Cause {
  reason: string;
  message: string;
  field: string;
}

/** Which object an error is about: its resource (or kind), as `details` names it. */
export interface About {
  group: string;
  resource: string;
  name?: string;
}

export class ApiError extends Error {
  readonly code: number;
  readonly body: JsonObject;

  constructor(code: number, reason: string | undefined, message: string, details?: JsonObject) {
    super(message);
    this.code = code;
    this.body = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

/** An answer that is not a Status at all: plain text, as the server's own mux gives it. */
export class PlainError extends Error {
  readonly code: number;
  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}

/** `deployments.apps`, or `pods` for the core group. */
export function qualified(about: { group: string; resource: string }): string {
  return about.group === '' ? about.resource : `${about.resource}.${about.group}`;
}

function details(about: About, causes?: readonly Cause[]): JsonObject {
  return {
    ...(about.name ? { name: about.name } : {}),
    ...(about.group === '' ? {} : { group: about.group }),
    kind: about.resource,
    ...(causes && causes.length > 0 ? { causes: causes.map((cause) => ({ ...cause })) } : {}),
  };
}

export const unknownPath = () => new PlainError(404, '404 page not found\n');

export const unknownResource = () =>
  new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});

export const notFound = (about: About) =>
  new ApiError(404, 'NotFound', `${qualified(about)} "${about.name}" not found`, details(about));

export const alreadyExists = (about: About, prefix = '') =>
  new ApiError(
    409,
    'AlreadyExists',
    `${prefix}${qualified(about)} "${about.name}" already exists`,
    details(about),
  );

export const conflict = (about: About, why: string) =>
  new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(about)} "${about.name}": ${why}`,
    details(about),
  );

export const modified = (about: About) =>
  conflict(
    about,
    'the object has been modified; please apply your changes to the latest version and try again',
  );

/** A refusal by admission: it names the object even when that has no name yet. */
export const forbidden = (about: About, why: string, causes?: Cause[]) =>
  new ApiError(
    403,
    'Forbidden',
    `${qualified(about)} ${about.name === undefined ? '' : `"${about.name}" `}is forbidden: ${why}`,
    details(about, causes),
  );

export const unauthorized = () => new ApiError(401, 'Unauthorized', 'Unauthorized');

export const badRequest = (message: string) => new ApiError(400, 'BadRequest', message);

/** What the server answers with 500 and no reason: errors that nobody gave a type. */
export const internal = (message: string) => new ApiError(500, undefined, message);

export const methodNotAllowed = () =>
  new ApiError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );

export const unsupportedMediaType = (message: string) =>
  new ApiError(415, 'UnsupportedMediaType', message, undefined);

export const expired = (message: string) => new ApiError(410, 'Expired', message);

/** 422. With no faults there is nothing to throw: callers check first. */
export function invalid(kind: { group: string; kind: string }, name: string, faults: readonly Fault[]) {
  const about = { group: kind.group, resource: kind.kind, name };
  const texts = faults.map((fault) => `${fault.field}: ${fault.message}`);
  const listed = [...new Set(texts)];
  const text = listed.length === 1 ? listed[0] : `[${listed.join(', ')}]`;
  const titled = kind.group === '' && kind.kind === '' ? '' : qualified(about);
  return new ApiError(422, 'Invalid', `${titled} "${name}" is invalid: ${text}`, {
    ...(name ? { name } : {}),
    ...(kind.group === '' ? {} : { group: kind.group }),
    ...(kind.kind === '' ? {} : { kind: kind.kind }),
    causes: faults.map((fault) => ({
      reason: causeReasons[fault.type],
      message: fault.message,
      field: fault.field,
    })),
  });
}

const causeReasons = {
  required: 'FieldValueRequired',
  invalid: 'FieldValueInvalid',
  unsupported: 'FieldValueNotSupported',
  forbidden: 'FieldValueForbidden',
  duplicate: 'FieldValueDuplicate',
  tooLong: 'FieldValueTooLong',
  tooMany: 'FieldValueTooMany',
  type: 'FieldValueTypeInvalid',
} as const;

/** One thing wrong with one field, in the words of `field.Error`. */
export interface Fault {
  type: keyof typeof causeReasons;
  field: string;
  message: string;
}

export const required = (field: string, why = ''): Fault => ({
  type: 'required',
  field,
  message: why ? `Required value: ${why}` : 'Required value',
});

export const invalidValue = (field: string, value: Json | undefined, why: string): Fault => ({
  type: 'invalid',
  field,
  message: `Invalid value: ${shown(value)}: ${why}`,
});

/** For values that the real server prints as a dump of its own types. */
export const invalidDump = (field: string, dump: string, why: string): Fault => ({
  type: 'invalid',
  field,
  message: `Invalid value: ${dump}: ${why}`,
});

export const unsupported = (field: string, value: Json, supported: readonly string[]): Fault => ({
  type: 'unsupported',
  field,
  message: `Unsupported value: ${shown(value)}: supported values: ${supported.map((one) => JSON.stringify(one)).join(', ')}`,
});

export const forbiddenField = (field: string, why: string): Fault => ({
  type: 'forbidden',
  field,
  message: `Forbidden: ${why}`,
});

/** A map as Go prints it: what 1.32 puts into messages. */
export function goMap(map: Record<string, string>): string {
  const entries = Object.keys(map)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(map[key])}`);
  return `map[string]string{${entries.join(', ')}}`;
}

function shown(value: Json | undefined): string {
  return typeof value === 'object' ? JSON.stringify(value) : JSON.stringify(value ?? null);
}
