/** Pod Security admission: namespace labels decide what a Pod must look like. Source: pod-security-admission 1.32. */
import { asJson, at, isObject } from '../json.ts';
import type { Resource } from '../registry.ts';
import { forbidden, invalid, invalidValue } from '../status.ts';
import type { Container, KubeObject, Pod, PodSpec } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { aboutOf } from '../writes.ts';
import { containersOf } from './workload-defaults.ts';

const levels = ['privileged', 'baseline', 'restricted'] as const;
type Level = (typeof levels)[number];

interface Violation {
  readonly title: string;
  readonly detail: string;
}

/** @throws ApiError 403 naming every violated rule of the enforced level. */
export function checkPodSecurity(
  world: ClusterWorld,
  resource: Resource,
  pod: Pod,
  warn: ((text: string) => void) | undefined,
): void {
  const labels = labelsOf(world, pod.metadata.namespace);
  const level = levelOf(labels, 'enforce');
  const found = violations(pod.spec, level);
  if (found.length > 0) {
    throw forbidden(
      aboutOf(resource, pod.metadata.name),
      `violates PodSecurity "${level}:${versionOf(labels, 'enforce')}": ${sentence(found)}`,
    );
  }
  warnFor(labels, pod.spec, warn, false);
}

/** Workloads are not refused, only warned about: their Pods will be. */
export function warnPodSecurity(
  world: ClusterWorld,
  object: KubeObject,
  warn: ((text: string) => void) | undefined,
): void {
  const spec = at(asJson(object), 'spec', 'template', 'spec');
  if (!warn || !isObject(spec) || !object.metadata.namespace || !Array.isArray(spec.containers)) return;
  warnFor(labelsOf(world, object.metadata.namespace), spec as unknown as PodSpec, warn, true);
}

function warnFor(
  labels: Record<string, string>,
  spec: PodSpec,
  warn: ((text: string) => void) | undefined,
  isTemplate: boolean,
): void {
  if (!warn) return;
  // What enforcement would refuse later is worth a warning on a template even without a warn label.
  const mode = labels['pod-security.kubernetes.io/warn'] === undefined && isTemplate ? 'enforce' : 'warn';
  const level = levelOf(labels, mode);
  const found = violations(spec, level);
  if (found.length > 0)
    warn(`would violate PodSecurity "${level}:${versionOf(labels, mode)}": ${sentence(found)}`);
}

/** Checks the labels of a namespace and warns when a stricter one meets existing Pods. @throws ApiError 422 */
export function checkPodSecurityLevels(
  namespace: KubeObject,
  live?: KubeObject,
  world?: ClusterWorld,
  warn?: (text: string) => void,
): void {
  const labels = namespace.metadata.labels ?? {};
  const faults = [];
  for (const mode of ['enforce', 'audit', 'warn']) {
    const key = `pod-security.kubernetes.io/${mode}`;
    const value = labels[key];
    if (value !== undefined && !levels.includes(value as Level)) {
      faults.push(
        invalidValue(`metadata.labels[${key}]`, value, 'must be one of privileged, baseline, restricted'),
      );
    }
  }
  if (faults.length > 0) throw invalid({ group: '', kind: 'Namespace' }, namespace.metadata.name, faults);
  const level = levelOf(labels, 'enforce');
  if (!world || !warn || level === levelOf(live?.metadata.labels ?? {}, 'enforce')) return;
  const bad = (world.store.list('/pods', namespace.metadata.name) as Pod[])
    .map((pod) => ({ name: pod.metadata.name, found: violations(pod.spec, level) }))
    .filter(({ found }) => found.length > 0);
  if (bad.length === 0) return;
  warn(
    `existing pods in namespace "${namespace.metadata.name}" violate the new PodSecurity enforce level "${level}:${versionOf(labels, 'enforce')}"`,
  );
  for (const { name, found } of bad) warn(`${name}: ${found.map((one) => one.title).join(', ')}`);
}

function labelsOf(world: ClusterWorld, namespace: string | undefined): Record<string, string> {
  return world.store.get('/namespaces', undefined, namespace ?? '')?.metadata.labels ?? {};
}

function levelOf(labels: Record<string, string>, mode: string): Level {
  const value = labels[`pod-security.kubernetes.io/${mode}`];
  return levels.find((level) => level === value) ?? 'privileged';
}

function versionOf(labels: Record<string, string>, mode: string): string {
  return labels[`pod-security.kubernetes.io/${mode}-version`] ?? 'latest';
}

function sentence(found: readonly Violation[]): string {
  return found.map(({ title, detail }) => `${title} (${detail})`).join(', ');
}

function violations(spec: PodSpec, level: Level): Violation[] {
  if (level === 'privileged') return [];
  const out = baseline(spec);
  return level === 'restricted' ? [...out, ...restricted(spec)] : out;
}

function baseline(spec: PodSpec): Violation[] {
  const out: Violation[] = [];
  const host = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((key) => spec[key]);
  if (host.length > 0)
    out.push({ title: 'host namespaces', detail: host.map((key) => `${key}=true`).join(', ') });
  const hostPaths = (spec.volumes ?? []).filter((volume) => volume.hostPath !== undefined);
  if (hostPaths.length > 0) {
    const names = hostPaths.map((volume) => JSON.stringify(volume.name)).join(', ');
    out.push({ title: 'hostPath volumes', detail: `volume${hostPaths.length > 1 ? 's' : ''} ${names}` });
  }
  const privileged = containersOf({ spec }).filter((one) => one.securityContext?.privileged === true);
  if (privileged.length > 0) {
    out.push({
      title: 'privileged',
      detail: `${named(privileged)} must not set securityContext.privileged=true`,
    });
  }
  return out;
}

function restricted(spec: PodSpec): Violation[] {
  const out: Violation[] = [];
  const all = containersOf({ spec });
  const context = (one: Container) => one.securityContext ?? {};
  const escalating = all.filter((one) => context(one).allowPrivilegeEscalation !== false);
  if (escalating.length > 0) {
    out.push({
      title: 'allowPrivilegeEscalation != false',
      detail: `${named(escalating)} must set securityContext.allowPrivilegeEscalation=false`,
    });
  }
  const capable = all.filter((one) => {
    const drop = at(context(one), 'capabilities', 'drop');
    return !(Array.isArray(drop) && drop.includes('ALL'));
  });
  if (capable.length > 0) {
    out.push({
      title: 'unrestricted capabilities',
      detail: `${named(capable)} must set securityContext.capabilities.drop=["ALL"]`,
    });
  }
  const pod = spec.securityContext ?? {};
  const root = all.filter((one) => (context(one).runAsNonRoot ?? pod.runAsNonRoot) !== true);
  if (root.length > 0) {
    out.push({
      title: 'runAsNonRoot != true',
      detail: `pod or ${named(root)} must set securityContext.runAsNonRoot=true`,
    });
  }
  const profiled = (where: Record<string, unknown>) => {
    const type = isObject(where.seccompProfile) ? where.seccompProfile.type : undefined;
    return type === 'RuntimeDefault' || type === 'Localhost';
  };
  const unconfined = all.filter(
    (one) => !profiled(context(one)) && !(context(one).seccompProfile === undefined && profiled(pod)),
  );
  if (unconfined.length > 0) {
    out.push({
      title: 'seccompProfile',
      detail: `pod or ${named(unconfined)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
    });
  }
  return out;
}

function named(containers: readonly Container[]): string {
  const names = containers.map((one) => JSON.stringify(one.name)).join(', ');
  return `container${containers.length > 1 ? 's' : ''} ${names}`;
}
