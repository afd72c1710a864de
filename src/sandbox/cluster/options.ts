/** The query parameters of reads and writes, checked as the real server checks them. */

import type { DeleteOptions } from './deletes.ts';
import { isObject } from './json.ts';
import {
  badRequest,
  type Fault,
  forbiddenField,
  internal,
  invalid,
  invalidDump,
  invalidValue,
  required,
  unsupported,
} from './status.ts';
import type { Json } from './types.ts';

export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  readonly fieldManager?: string;
  readonly force: boolean;
}

/** @throws ApiError 422 for values that are none of the possible ones. */
export function writeOptions(
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  query: URLSearchParams,
): WriteOptions {
  const faults: Fault[] = [];
  const dryRun = query.getAll('dryRun').filter(Boolean);
  faults.push(...dryRunFaults(dryRun));
  const validation = query.get('fieldValidation') ?? '';
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(validation))
    faults.push(unsupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn']));
  if (faults.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', faults);
  const manager = query.get('fieldManager');
  return {
    dryRun: dryRun.length > 0,
    fieldValidation: (validation || 'Warn') as WriteOptions['fieldValidation'],
    force: query.get('force') === 'true',
    ...(manager ? { fieldManager: manager } : {}),
  };
}

function dryRunFaults(values: readonly string[]): Fault[] {
  if (values.every((value) => value === 'All')) return [];
  return [
    {
      type: 'unsupported',
      field: 'dryRun',
      message: `Unsupported value: []string{${values.map((value) => JSON.stringify(value)).join(', ')}}: supported values: "All"`,
    },
  ];
}

/** Apply needs to know who applies. @throws ApiError 422 */
export function checkApplyManager(options: WriteOptions): string {
  if (options.fieldManager) return options.fieldManager;
  throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
    required('fieldManager', 'is required for apply patch'),
  ]);
}

/** Query and body together; the body wins where both speak. @throws ApiError 422 */
export function deleteOptions(
  query: URLSearchParams,
  body: Json | undefined,
): DeleteOptions & { dryRun: boolean } {
  const given = isObject(body) ? body : {};
  const policy = (given.propagationPolicy ?? query.get('propagationPolicy')) || undefined;
  const orphan = given.orphanDependents ?? query.get('orphanDependents') ?? undefined;
  const grace = given.gracePeriodSeconds ?? query.get('gracePeriodSeconds') ?? undefined;
  const dryRun = [
    ...query.getAll('dryRun'),
    ...(Array.isArray(given.dryRun) ? given.dryRun.map(String) : []),
  ];
  const faults = dryRunFaults(dryRun);
  if (policy !== undefined && orphan !== undefined)
    faults.push(
      invalidValue(
        'propagationPolicy',
        policy,
        'orphanDependents and deletionPropagation cannot be both set',
      ),
    );
  else if (policy !== undefined && !['Foreground', 'Background', 'Orphan'].includes(String(policy)))
    faults.push(unsupported('propagationPolicy', policy, ['Foreground', 'Background', 'Orphan', 'nil']));
  if (faults.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', faults);
  const preconditions = given.preconditions;
  return {
    dryRun: dryRun.length > 0,
    ...(policy === undefined ? {} : { propagationPolicy: policy as 'Foreground' }),
    ...(orphan === undefined
      ? {}
      : { propagationPolicy: String(orphan) === 'true' ? 'Orphan' : 'Background' }),
    ...(grace === undefined ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(isObject(preconditions)
      ? {
          preconditions: {
            ...(typeof preconditions.uid === 'string' ? { uid: preconditions.uid } : {}),
            ...(typeof preconditions.resourceVersion === 'string'
              ? { resourceVersion: preconditions.resourceVersion }
              : {}),
          },
        }
      : {}),
  };
}

export interface ListOptions {
  readonly limit: number;
  readonly continueToken?: string;
  /** `undefined`: the newest. */
  readonly resourceVersion?: number;
  readonly match?: 'Exact' | 'NotOlderThan';
  readonly timeoutSeconds?: number;
  readonly bookmarks: boolean;
  readonly sendInitialEvents: boolean;
}

/** @throws ApiError 400, 422 or 500, as the real server for each of them. */
export function listOptions(query: URLSearchParams, isWatch: boolean): ListOptions {
  const limitText = query.get('limit') ?? '0';
  if (!/^-?\d*$/.test(limitText))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(limitText)}: invalid syntax`);
  const version = query.get('resourceVersion') || undefined;
  const token = query.get('continue') || undefined;
  const match = query.get('resourceVersionMatch') || undefined;
  const sendInitialEvents = query.get('sendInitialEvents') === 'true';
  const faults: Fault[] = [];
  if (sendInitialEvents && match !== 'NotOlderThan')
    faults.push(
      forbiddenField(
        'resourceVersionMatch',
        'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      ),
    );
  else if (match !== undefined && version === undefined && !sendInitialEvents)
    faults.push(
      forbiddenField(
        'resourceVersionMatch',
        'resourceVersionMatch is forbidden unless resourceVersion is provided',
      ),
    );
  else if (match !== undefined && !['Exact', 'NotOlderThan'].includes(match))
    faults.push(unsupported('resourceVersionMatch', match, ['Exact', 'NotOlderThan', '']));
  if (faults.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', faults);
  if (version !== undefined && token !== undefined && !isWatch)
    throw badRequest('specifying resource version is not allowed when using continue');
  if (version !== undefined && !/^\d+$/.test(version))
    throw internal(
      `resourceVersion: Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`,
    );
  const timeout = Number(query.get('timeoutSeconds') ?? Number.NaN);
  return {
    limit: Math.max(0, Number(limitText || 0)),
    bookmarks: query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1',
    sendInitialEvents,
    ...(token === undefined ? {} : { continueToken: token }),
    ...(version === undefined ? {} : { resourceVersion: Number(version) }),
    ...(match === undefined ? {} : { match: match as 'Exact' }),
    ...(Number.isNaN(timeout) ? {} : { timeoutSeconds: timeout }),
  };
}

/** A quantity of log lines or seconds. @throws ApiError 422 */
export function checkNotNegative(name: string, pod: string, value: number | undefined): void {
  if (value === undefined || value >= 0) return;
  throw invalid({ group: '', kind: 'PodLogOptions' }, pod, [
    invalidDump(name, String(value), 'must be greater than or equal to 0'),
  ]);
}
