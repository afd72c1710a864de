/** Validation of Pods and of what makes Pods. Wording and order: Kubernetes 1.32. */
import { asJson, at, same } from '../json.ts';
import { milliOf } from '../quantity.ts';
import { matchesSelector } from '../selectors.ts';
import {
  type Fault,
  forbiddenField,
  goMap,
  invalidDump,
  invalidValue,
  required,
  unsupported,
} from '../status.ts';
import type { Container, Deployment, Job, Json, KubeObject, LabelSelector, Pod, PodSpec } from '../types.ts';

export function workloadFaults(object: KubeObject): Fault[] {
  switch (object.kind) {
    case 'Pod':
      return podFaults((object as Pod).spec, 'spec', ['Always', 'OnFailure', 'Never']);
    case 'Deployment':
    case 'ReplicaSet':
    case 'StatefulSet':
      return replicatedFaults(object as Deployment);
    case 'Job':
      return jobFaults(object as Job);
    case 'CronJob':
      return cronFaults(object);
    default:
      return [];
  }
}

function replicatedFaults(object: Deployment): Fault[] {
  const { spec } = object;
  const faults: Fault[] = [];
  if (!spec) return [required('spec.selector'), required('spec.template.spec.containers')];
  if (typeof spec.replicas === 'number' && spec.replicas < 0)
    faults.push(invalidValue('spec.replicas', spec.replicas, 'must be greater than or equal to 0'));
  const labels = spec.template.metadata?.labels ?? {};
  if (!spec.selector) faults.push(required('spec.selector'));
  else if (Object.keys(spec.selector).length === 0)
    faults.push(
      invalidDump('spec.selector', selectorDump(spec.selector), 'empty selector is invalid for deployment'),
    );
  if (!spec.selector || !matchesSelector(spec.selector, labels)) {
    faults.push(
      invalidDump(
        'spec.template.metadata.labels',
        goMap(labels),
        '`selector` does not match template `labels`',
      ),
    );
  }
  faults.push(...podFaults(spec.template.spec, 'spec.template.spec', ['Always']));
  return faults;
}

function jobFaults(object: Job): Fault[] {
  const { spec } = object;
  if (!spec) return [required('spec.template.spec.containers')];
  const faults: Fault[] = [];
  for (const key of [
    'parallelism',
    'completions',
    'backoffLimit',
    'activeDeadlineSeconds',
    'ttlSecondsAfterFinished',
  ] as const) {
    const value = spec[key];
    if (typeof value === 'number' && value < 0)
      faults.push(invalidValue(`spec.${key}`, value, 'must be greater than or equal to 0'));
  }
  return [...faults, ...jobTemplateFaults(spec.template?.spec, 'spec.template.spec')];
}

function jobTemplateFaults(spec: PodSpec | undefined, path: string): Fault[] {
  const faults = podFaults(spec, path, ['Always', 'OnFailure', 'Never']);
  if (spec?.restartPolicy === 'Always')
    faults.push(required(`${path}.restartPolicy`, 'valid values: "OnFailure", "Never"'));
  return faults;
}

function cronFaults(object: KubeObject): Fault[] {
  const json = asJson(object);
  const schedule = at(json, 'spec', 'schedule');
  const faults: Fault[] = [];
  if (typeof schedule !== 'string' || schedule === '') faults.push(required('spec.schedule'));
  else {
    const fields = schedule.trim().split(/\s+/);
    if (!schedule.startsWith('@') && fields.length !== 5)
      faults.push(
        invalidValue(
          'spec.schedule',
          schedule,
          `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`,
        ),
      );
  }
  const template = at(json, 'spec', 'jobTemplate', 'spec', 'template', 'spec');
  return [
    ...faults,
    ...jobTemplateFaults(template as unknown as PodSpec | undefined, 'spec.jobTemplate.spec.template.spec'),
  ];
}

function podFaults(spec: PodSpec | undefined, path: string, policies: readonly string[]): Fault[] {
  const containers = spec?.containers ?? [];
  if (containers.length === 0) return [required(`${path}.containers`)];
  const faults = containers.flatMap((one, index) => containerFaults(one, `${path}.containers[${index}]`));
  const seen = new Set<string>();
  containers.forEach((one, index) => {
    if (one.name && seen.has(one.name)) {
      faults.push({
        type: 'duplicate',
        field: `${path}.containers[${index}].name`,
        message: `Duplicate value: ${JSON.stringify(one.name)}`,
      });
    }
    seen.add(one.name);
  });
  const policy = spec?.restartPolicy ?? 'Always';
  if (!policies.includes(policy)) faults.push(unsupported(`${path}.restartPolicy`, policy, policies));
  return faults;
}

const labelName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

function containerFaults(container: Container, path: string): Fault[] {
  const faults: Fault[] = [];
  if (!container.name) faults.push(required(`${path}.name`));
  else if (!labelName.test(container.name))
    faults.push(
      invalidValue(
        `${path}.name`,
        container.name,
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
      ),
    );
  if (!container.image) faults.push(required(`${path}.image`));
  (container.ports ?? []).forEach((port, index) => {
    const number = port.containerPort;
    if (number === undefined) faults.push(required(`${path}.ports[${index}].containerPort`));
    else if (number < 1 || number > 65_535)
      faults.push(
        invalidValue(
          `${path}.ports[${index}].containerPort`,
          number,
          'must be between 1 and 65535, inclusive',
        ),
      );
  });
  const pulls = ['Always', 'IfNotPresent', 'Never'];
  if (container.imagePullPolicy && !pulls.includes(container.imagePullPolicy))
    faults.push(unsupported(`${path}.imagePullPolicy`, container.imagePullPolicy, pulls));
  const { requests = {}, limits = {} } = container.resources ?? {};
  for (const [name, amount] of Object.entries(requests)) {
    const limit = limits[name];
    if (milliOf(amount) < 0n)
      faults.push(
        invalidValue(`${path}.resources.requests[${name}]`, amount, 'must be greater than or equal to 0'),
      );
    if (limit !== undefined && milliOf(amount) > milliOf(limit))
      faults.push(
        invalidValue(
          `${path}.resources.requests`,
          amount,
          `must be less than or equal to ${name} limit of ${limit}`,
        ),
      );
  }
  return faults;
}

export function workloadUpdateFaults(live: KubeObject, next: KubeObject): Fault[] {
  switch (next.kind) {
    case 'Deployment':
    case 'ReplicaSet':
      return selectorFaults(live as Deployment, next as Deployment);
    case 'StatefulSet':
      return statefulFaults(live, next);
    case 'Job':
      return ['completions', 'selector', 'template', 'completionMode']
        .filter((key) => !same(at(asJson(live), 'spec', key), at(asJson(next), 'spec', key)))
        .filter((key) => key !== 'template' || !at(asJson(live), 'spec', 'suspend'))
        .map((key) => invalidValue(`spec.${key}`, at(asJson(next), 'spec', key), 'field is immutable'));
    case 'Pod':
      return podUpdateFaults(live as Pod, next as Pod);
    default:
      return [];
  }
}

function selectorFaults(live: Deployment, next: Deployment): Fault[] {
  if (same(asJson(live.spec.selector), next.spec?.selector ? asJson(next.spec.selector) : undefined))
    return [];
  if (!next.spec?.selector) return [];
  return [invalidDump('spec.selector', selectorDump(next.spec.selector), 'field is immutable')];
}

function selectorDump(selector: LabelSelector): string {
  const labels = selector.matchLabels ? goMap(selector.matchLabels) : 'map[string]string(nil)';
  return `v1.LabelSelector{MatchLabels:${labels}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}`;
}

function statefulFaults(live: KubeObject, next: KubeObject): Fault[] {
  const free = [
    'replicas',
    'ordinals',
    'template',
    'updateStrategy',
    'persistentVolumeClaimRetentionPolicy',
    'minReadySeconds',
  ];
  const fixed = (object: KubeObject) => {
    const spec = at(asJson(object), 'spec');
    return Object.fromEntries(
      Object.entries((spec ?? {}) as Record<string, Json>).filter(([key]) => !free.includes(key)),
    );
  };
  if (same(fixed(live), fixed(next))) return [];
  const names = free.map((name) => `'${name}'`);
  return [
    forbiddenField(
      'spec',
      `updates to statefulset spec for fields other than ${names.slice(0, -1).join(', ')} and ${names.at(-1)} are forbidden`,
    ),
  ];
}

function podUpdateFaults(live: Pod, next: Pod): Fault[] {
  const fixed = (pod: Pod) => {
    const {
      containers,
      initContainers,
      tolerations: _,
      activeDeadlineSeconds: __,
      ...rest
    } = asJson(pod.spec);
    const images = (list: Json | undefined) =>
      Array.isArray(list) ? list.map((one) => ({ ...(one as object), image: null })) : null;
    return { ...rest, containers: images(containers), initContainers: images(initContainers) };
  };
  if (same(fixed(live), fixed(next))) return [];
  return [
    forbiddenField(
      'spec',
      'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    ),
  ];
}
