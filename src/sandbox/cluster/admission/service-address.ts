/** The addresses and node ports that a Service gets when it is created. */
import { asJson } from '../json.ts';
import { invalid, invalidValue } from '../status.ts';
import type { KubeObject, Service } from '../types.ts';
import type { ClusterWorld } from '../world.ts';

/** The range of node ports. Source: `--service-node-port-range` of kube-apiserver, its default. */
export const nodePorts = { min: 30_000, max: 32_767 } as const;

/** @throws ApiError 422 for a node port out of range. */
export function allocateService(world: ClusterWorld, object: KubeObject): void {
  const service = object as Service;
  const spec = service.spec;
  if (spec.type === 'ExternalName') return;
  const faults = [];
  for (const [index, port] of (spec.ports ?? []).entries()) {
    if (spec.type !== 'NodePort' && spec.type !== 'LoadBalancer') continue;
    if (port.nodePort === undefined)
      port.nodePort = nodePorts.min + world.ids.below(nodePorts.max - nodePorts.min);
    else if (port.nodePort < nodePorts.min || port.nodePort > nodePorts.max) {
      faults.push(
        invalidValue(
          `spec.ports[${index}].nodePort`,
          port.nodePort,
          `provided port is not in the valid range. The range of valid ports is ${nodePorts.min}-${nodePorts.max}`,
        ),
      );
    }
  }
  if (faults.length > 0) throw invalid({ group: '', kind: 'Service' }, object.metadata.name, faults);
  if (!spec.clusterIP) spec.clusterIP = freeAddress(world);
  asJson(spec).clusterIPs = [spec.clusterIP];
}

function freeAddress(world: ClusterWorld): string {
  const taken = new Set((world.store.list('/services') as Service[]).map((one) => one.spec.clusterIP));
  for (;;) {
    const address = `10.96.${world.ids.below(255)}.${2 + world.ids.below(250)}`;
    if (!taken.has(address)) return address;
  }
}
