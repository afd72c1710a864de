/** What may not be adopted, whoever asks: what the cluster needs for itself, and what has an owner. */
import type { Target, TargetContext } from '../../core/action.ts';
import { dayMs, parseDuration } from '../../core/duration.ts';
import { ok, type Problem, problem, type Result, refuse } from '../../core/problem.ts';
import { listOf } from '../../core/text.ts';

/** Of Kubernetes itself, of clouds and distributions: by these names, or beginning so with a dash after. */
const families =
  /^(?:kube|openshift|cattle|gke|eks|aks|azure|amazon|aws|google|tekton|knative|longhorn|rook|tigera|linkerd|cilium|greenlight)(?:-|$)/;
/** Of what is installed beside it and keeps everything else going. */
const installed =
  /^(?:default|cert-manager|external-secrets|external-dns|ingress-nginx|traefik|metallb|argo|argocd|vault|velero|kyverno|keda|crossplane|monitoring|logging|observability|prometheus|grafana|loki)$/;
const roles = /-(?:system|operators?|controllers?)$/;

export function adoptTarget(
  asked: { readonly name: string; readonly ttl: string; readonly team?: string | undefined },
  { catalog, requesterGroups, environments }: TargetContext,
): Result<Target> {
  const { name } = asked;
  const { ingressFrom, outside } = catalog.environments;
  const isNeeded = ingressFrom.includes(name) || outside.some(({ namespace }) => namespace === name);
  if (isNeeded || [families, installed, roles].some((names) => names.test(name))) {
    return refuse(
      wrong('name', `The cluster needs the namespace ${name} for itself.`, 'Choose another one.'),
    );
  }
  const owner = Object.entries(catalog.services).find(([, service]) =>
    Object.values(service.environments).some((place) => place.namespace === name),
  );
  if (owner) {
    return refuse(
      wrong(
        'name',
        `The service ${owner[0]} runs in ${name}.`,
        'A service has no end; choose a namespace without one.',
      ),
    );
  }
  const known = environments.find((one) => one.namespace === name || one.name === name);
  if (known) {
    return refuse(
      wrong('name', `${name} has an owner already (${known.requestId}).`, `See \`/env show ${known.name}\`.`),
    );
  }
  if ((parseDuration(asked.ttl) ?? 0) > (parseDuration(catalog.environments.ttl.max) ?? dayMs)) {
    const sentence = `An environment lives ${catalog.environments.ttl.max} at most.`;
    return refuse(wrong('ttl', sentence, 'Choose a shorter time; it can be extended.'));
  }
  const mine = catalog.environments.teams.filter((team) => requesterGroups.includes(team));
  const team = asked.team ?? mine[0];
  if (team !== undefined && mine.includes(team)) {
    return ok({ kind: 'environment', name, tier: 'dev', team });
  }
  const sentence =
    asked.team === undefined
      ? 'You are in no team that may have environments.'
      : `You are not in the team "${asked.team}".`;
  const next = mine.length > 0 ? `Choose ${listOf(mine, 'or')}.` : 'Ask the platform team to add you to one.';
  return refuse(wrong('team', sentence, next));
}

function wrong(field: string, sentence: string, next: string): Problem {
  return problem('bad_input', sentence, next, { fields: { [field]: `${sentence} ${next}` } });
}
