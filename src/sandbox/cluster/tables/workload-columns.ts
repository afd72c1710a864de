/** The columns of what makes Pods. */
import { at, isObject } from '../json.ts';
import { selectorText } from '../selectors.ts';
import type { Json, JsonObject, LabelSelector } from '../types.ts';
import { age, column, nameColumn, number, since, wide } from './cells.ts';
import type { Column } from './columns.ts';

function containers(path: string[], field: 'name' | 'image'): Column['cell'] {
  return (object) => {
    const list = at(object, ...path, 'containers');
    return Array.isArray(list) ? list.map((one) => String(at(one, field))).join(',') : '';
  };
}

function jobStatus(object: JsonObject): Json {
  const conditions = at(object, 'status', 'conditions');
  const types = (Array.isArray(conditions) ? conditions : []).map((one) => String(at(one, 'type')));
  return ['Complete', 'Failed', 'Suspended'].find((type) => types.includes(type)) ?? 'Running';
}

const template = ['spec', 'template', 'spec'];
const templateColumns = (selector: string): Column[] => [
  column('Containers', 'Names of each container in the template.', containers(template, 'name'), wide),
  column(
    'Images',
    'Images referenced by each container in the template.',
    containers(template, 'image'),
    wide,
  ),
  column('Selector', selector, selectorCell, wide),
];

function selectorCell(object: JsonObject): Json {
  const selector = at(object, 'spec', 'selector');
  return isObject(selector) ? selectorText(selector as LabelSelector) : '<none>';
}

export const workloadColumns: Record<string, readonly Column[]> = {
  Deployment: [
    nameColumn,
    column(
      'Ready',
      'Number of the pod with ready state',
      (object) => `${number('status', 'readyReplicas')(object)}/${number('spec', 'replicas')(object)}`,
    ),
    column(
      'Up-to-date',
      'Total number of non-terminated pods targeted by this deployment that have the desired template spec.',
      number('status', 'updatedReplicas'),
    ),
    column(
      'Available',
      'Total number of available pods (ready for at least minReadySeconds) targeted by this deployment.',
      number('status', 'availableReplicas'),
    ),
    age,
    ...templateColumns(
      'Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the ones affected by this deployment.',
    ),
  ],
  ReplicaSet: [
    nameColumn,
    column('Desired', 'How many Pods are wanted.', number('spec', 'replicas'), { type: 'integer' }),
    column('Current', 'How many Pods there are.', number('status', 'replicas'), { type: 'integer' }),
    column('Ready', 'The number of ready replicas for this replica set.', number('status', 'readyReplicas'), {
      type: 'integer',
    }),
    age,
    ...templateColumns('Which Pods it counts.'),
  ],
  StatefulSet: [
    nameColumn,
    column(
      'Ready',
      'Number of the pod with ready state',
      (object) => `${number('status', 'readyReplicas')(object)}/${number('spec', 'replicas')(object)}`,
    ),
    age,
    ...templateColumns('Which Pods it counts.').slice(0, 2),
  ],
  Job: [
    nameColumn,
    column('Status', 'Status of the job.', jobStatus),
    column(
      'Completions',
      'The number of pods which reached phase Succeeded.',
      (object) => `${number('status', 'succeeded')(object)}/${at(object, 'spec', 'completions') ?? 1}`,
    ),
    column('Duration', 'Time required to complete the job.', (object, now) => {
      const end = at(object, 'status', 'completionTime');
      const start = at(object, 'status', 'startTime');
      if (start === undefined) return '';
      return since(start, typeof end === 'string' ? Date.parse(end) : now);
    }),
    age,
    ...templateColumns('Which Pods it counts.'),
  ],
};
