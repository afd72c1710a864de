/** All controllers of the box, started together. */
import { operatorControllers } from '../operators/operators.ts';
import type { ClusterWorld } from '../world.ts';
import { definitionController } from './definition.ts';
import { deploymentController } from './deployment.ts';
import { garbageCollector } from './garbage.ts';
import { jobController } from './job.ts';
import { kubelet } from './kubelet.ts';
import { runController } from './loop.ts';
import { namespaceContent, namespaceDeletion } from './namespace.ts';
import { addressController, claimController, endpointsController } from './network.ts';
import { quotaController } from './quota.ts';
import { replicaSetController } from './replica-set.ts';
import { scheduler } from './scheduler.ts';
import { statefulSetController } from './stateful-set.ts';

export interface RunningControllers {
  stop(): void;
}

export function startControllers(world: ClusterWorld): RunningControllers {
  const running = [
    namespaceContent(world),
    namespaceDeletion(world),
    quotaController(world),
    deploymentController(world),
    replicaSetController(world),
    statefulSetController(world),
    jobController(world),
    definitionController(world),
    scheduler(world),
    kubelet(world),
    garbageCollector(world),
    endpointsController(world),
    addressController(world),
    claimController(world),
    ...operatorControllers(world),
  ].map((controller) => runController(world, controller));
  return {
    stop() {
      for (const one of running) one.stop();
    },
  };
}
