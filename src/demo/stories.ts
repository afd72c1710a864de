/** The stories of the main job, in the order in which a newcomer meets them. */
import { changesAsked } from './stories/changes-asked.ts';
import { deniedWithReason } from './stories/denied.ts';
import { failedDeploy } from './stories/failed-deploy.ts';
import { formWithVerdict } from './stories/form.ts';
import { largerEnvironment } from './stories/larger-environment.ts';
import { lifeOfAnEnvironment } from './stories/life-of-an-environment.ts';
import { lockInAnIncident } from './stories/locks.ts';
import { onCall } from './stories/on-call.ts';
import { productionDeploy } from './stories/production-deploy.ts';
import { requestsAndHelp } from './stories/requests.ts';
import { serviceStatus } from './stories/service-status.ts';
import { sleepingEnvironment } from './stories/sleeping-environment.ts';
import { smallEnvironment } from './stories/small-environment.ts';
import { wayToProduction } from './stories/way-to-production.ts';
import type { Story } from './story.ts';

export const stories: readonly Story[] = [
  smallEnvironment,
  formWithVerdict,
  largerEnvironment,
  deniedWithReason,
  productionDeploy,
  failedDeploy,
  wayToProduction,
  serviceStatus,
  onCall,
  lockInAnIncident,
  lifeOfAnEnvironment,
  sleepingEnvironment,
  changesAsked,
  requestsAndHelp,
];
