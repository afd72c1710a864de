/** A Job of a service as Kubernetes gets it, and how it ended. Pure. */

import type { Manifest } from '../../core/cluster.ts';
import { dayMs, parseDuration, secondMs } from '../../core/duration.ts';
import { fillJobText, type JobValues, type ServiceJob } from '../../core/service-job.ts';

/** Whose it is: the request that asked for it. */
export const requestLabel = 'greenlight.dev/request';
/**
 * How long the cluster keeps a finished Job, in seconds: its end is to be seen also when nobody was there for days, and a
 * Job that is collected before looks like one that was never made.
 */
const keptSeconds = (7 * dayMs) / secondMs;

export interface JobOrder {
  /** As the catalog calls it. */
  readonly name: string;
  readonly job: ServiceJob;
  readonly service: string;
  readonly namespace: string;
  readonly values: JobValues;
  readonly requestKey: string;
}

/** The same request always has the same one: at most 30 + 1 + the key's characters. */
export function jobName(name: string, requestKey: string): string {
  return `${name}-${requestKey.toLowerCase()}`.slice(0, 63);
}

export function jobManifest({ name, job, service, namespace, values, requestKey }: JobOrder): Manifest {
  const fill = (text: string) => fillJobText(text, values);
  const labels = {
    'app.kubernetes.io/name': `${service}-${name}`.slice(0, 63).replace(/-+$/, ''),
    'app.kubernetes.io/managed-by': 'greenlight',
    [requestLabel]: requestKey,
  };
  const { secrets, configMaps } = job.envFrom;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: jobName(name, requestKey), namespace, labels },
    spec: {
      backoffLimit: job.retries,
      activeDeadlineSeconds: Math.ceil((parseDuration(job.timeout) ?? 0) / secondMs),
      ttlSecondsAfterFinished: keptSeconds,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          // What it needs of the API it is given by a service account of its own, named in the catalog.
          automountServiceAccountToken: job.serviceAccount !== undefined,
          ...(job.serviceAccount === undefined ? {} : { serviceAccountName: job.serviceAccount }),
          containers: [
            {
              name,
              image: fill(job.image),
              ...(job.command.length === 0 ? {} : { command: job.command.map(fill) }),
              ...(job.args.length === 0 ? {} : { args: job.args.map(fill) }),
              env: Object.entries(job.env).map(([key, value]) => ({ name: key, value: fill(value) })),
              envFrom: [
                ...secrets.map((secret) => ({ secretRef: { name: secret } })),
                ...configMaps.map((configMap) => ({ configMapRef: { name: configMap } })),
              ],
              resources: { requests: job.resources, limits: { memory: job.resources.memory } },
              securityContext: { allowPrivilegeEscalation: false },
            },
          ],
        },
      },
    },
  };
}

export type JobState =
  | { readonly state: 'running'; readonly words: string }
  | { readonly state: 'succeeded' }
  | { readonly state: 'failed'; readonly why: string };

/** From what the cluster has of it (Job API, "status.conditions"). */
export function stateOf(job: Manifest): JobState {
  const status = recordOf(job.status);
  const conditions = (Array.isArray(status.conditions) ? status.conditions : []).map(recordOf);
  const holds = (type: string) => conditions.find((one) => one.type === type && one.status === 'True');
  if (holds('Complete')) return { state: 'succeeded' };
  const failed = holds('Failed');
  if (failed) return { state: 'failed', why: [failed.reason, failed.message].filter(Boolean).join(': ') };
  return { state: 'running', words: Number(status.active ?? 0) > 0 ? 'it runs' : 'it waits for its Pod' };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
