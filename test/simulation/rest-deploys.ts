/** What must be true of deploys at rest: what was brought out is out, once; what was taken back is not. */
import type { PlatformRequest } from '../../src/core/request.ts';
import { BrokenPromise } from './broken-promise.ts';
import type { Scene } from './scene.ts';
import { runAt } from './world/forge.ts';
import { firstVersion, keyOfBranch } from './world/git-repository.ts';
import { firstImage } from './world/services.ts';

export function checkDeploys(scene: Scene, requests: readonly PlatformRequest[]): void {
  const deploys = requests.filter(({ action }) => action === 'deploy');
  for (const request of deploys) {
    // What could not be taken back is named there, and somebody's to mend.
    if (request.remains.length > 0) continue;
    if (request.input.service === 'payments') checkRun(scene, request);
    if (request.input.service === 'checkout') checkPulls(scene, request);
    checkRecords(scene, request);
  }
  for (const environment of ['staging', 'production']) {
    const { gitops, services } = scene;
    const merged = gitops.repository.versionAt(environment, Infinity);
    checkNewest(scene, deploys, { service: 'checkout', environment, found: merged, first: firstVersion });
    const found = services.image(`search-${environment}`).split(':')[1] ?? '';
    checkNewest(scene, deploys, {
      service: 'search',
      environment,
      found,
      first: firstImage.split(':')[1] ?? '',
    });
  }
}

function checkRun({ forge, timeline, model }: Scene, { id, status }: PlatformRequest): void {
  const marker = model.requests.get(id)?.key;
  const isOut = forge.runs.some(
    (run) =>
      run.marker === marker &&
      runAt(run, timeline.now()).conclusion !== 'cancelled' &&
      run.conclusion === 'success',
  );
  if (isOut !== (status === 'succeeded'))
    throw new BrokenPromise(
      'undone is undone',
      `${id} has ${status}, and its run ${isOut ? 'went' : 'never came'} out`,
    );
}

/** What it proposed is merged, or nothing of it is left. */
function checkPulls({ gitops, model }: Scene, { id, status }: PlatformRequest): void {
  const key = model.requests.get(id)?.key;
  const isMerged = (one: { readonly mergedAt?: number }) => one.mergedAt !== undefined;
  const own = gitops.repository.pulls.filter(({ branch }) => keyOfBranch(branch) === key);
  const isOut = status === 'succeeded' && own.length > 0;
  const isHalf =
    own.some(({ state }) => state === 'open') ||
    own.some(isMerged) !== isOut ||
    // One that could not be deleted stays, and is named: the version is out all the same.
    (!isOut && gitops.repository.branches().some((branch) => keyOfBranch(branch) === key));
  if (isHalf) {
    const words = own.map((one) => (isMerged(one) ? 'merged' : one.state)).join();
    throw new BrokenPromise(
      'undone is undone',
      `${id} has ${status}, and its pull request is ${words || 'a branch'}`,
    );
  }
}

/** GitHub's record says the same. */
function checkRecords({ forge, model }: Scene, { id, status }: PlatformRequest): void {
  const marker = model.requests.get(id)?.key;
  const records = forge.deployments.filter(({ key }) => key === marker).map(({ state }) => state);
  const wanted = status === 'succeeded' ? 'success' : 'failure';
  if (records.some((state) => state !== wanted))
    throw new BrokenPromise(
      'undone is undone',
      `${id} has ${status}, and GitHub's record says ${records.join()}`,
    );
}

/** What the newest run that succeeded has brought is what is there. */
function checkNewest(
  { model }: Scene,
  deploys: readonly PlatformRequest[],
  {
    service,
    environment,
    found,
    first,
  }: Readonly<Record<'service' | 'environment' | 'found' | 'first', string>>,
): void {
  const own = deploys.filter(({ input }) => input.service === service && input.environment === environment);
  if (own.some(({ remains }) => remains.length > 0)) return;
  const [newest] = own
    .filter(({ status }) => status === 'succeeded')
    .map(({ id, input }) => ({ fence: model.requests.get(id)?.fence ?? 0, version: String(input.version) }))
    .toSorted((one, other) => other.fence - one.fence);
  const wanted = newest?.version.slice(1) ?? first;
  if (found !== wanted)
    throw new BrokenPromise(
      'undone is undone',
      `${service} in ${environment} is at ${found}, and should be at ${wanted}`,
    );
}
