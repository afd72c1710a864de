/** Which kind is validated by what. */
import type { Fault } from '../status.ts';
import type { KubeObject } from '../types.ts';
import { configFaults, configUpdateFaults } from './validate-config.ts';
import { workloadFaults, workloadUpdateFaults } from './validate-workloads.ts';

export function kindFaults(object: KubeObject): Fault[] {
  return [...workloadFaults(object), ...configFaults(object)];
}

export function kindUpdateFaults(live: KubeObject, next: KubeObject): Fault[] {
  return [...workloadUpdateFaults(live, next), ...configUpdateFaults(live, next)];
}
