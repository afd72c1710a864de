/** The outside as it stands: what people want there, without what servers count and stamp by themselves. */
import { z } from 'zod';

export interface Look {
  /** By `kind namespace/name`: what is wanted of the object. */
  readonly cluster: Readonly<Record<string, unknown>>;
  readonly github: {
    /** `v1.4.2 to production: success`, newest status first. */
    readonly deployments: readonly string[];
    /** `Deploy ...: completed success`. */
    readonly runs: readonly string[];
    /** Branches and pull requests of the GitOps repository: `checkout v2.8.0 to staging: merged`. */
    readonly gitops: readonly string[];
    /** `checkout: production ()`, with the mark of the request that made it. */
    readonly environments: readonly string[];
    /** `payments: priya-nair`. */
    readonly teams: readonly string[];
  };
}

const resources = [
  '/api/v1/namespaces',
  '/api/v1/configmaps',
  '/api/v1/limitranges',
  '/api/v1/resourcequotas',
  '/api/v1/serviceaccounts',
  '/api/v1/services',
  '/apis/apps/v1/deployments',
  '/apis/batch/v1/jobs',
  '/apis/networking.k8s.io/v1/ingresses',
  '/apis/networking.k8s.io/v1/networkpolicies',
  '/apis/rbac.authorization.k8s.io/v1/rolebindings',
  '/apis/actions.github.com/v1alpha1/autoscalingrunnersets',
  '/apis/objectbucket.io/v1alpha1/objectbucketclaims',
];

const listSchema = z.object({
  items: z.array(
    z.looseObject({
      metadata: z.object({
        name: z.string(),
        namespace: z.string().optional(),
        labels: z.record(z.string(), z.string()).optional(),
        annotations: z.record(z.string(), z.string()).optional(),
        deletionTimestamp: z.string().optional(),
      }),
    }),
  ),
});

export async function lookAtCluster(url: string): Promise<Look['cluster']> {
  const headers = { authorization: 'Bearer sandbox-cluster-token-admin' };
  const lists = await Promise.all(
    resources.map(async (path) => {
      const { items } = listSchema.parse(await (await fetch(`${url}${path}`, { headers })).json());
      return items.map(({ metadata, status: _status, spec, ...wanted }) => {
        const { labels = {}, annotations = {}, deletionTimestamp } = metadata;
        const name = `${path.split('/').at(-1)} ${metadata.namespace ?? ''}/${metadata.name}`;
        return [
          name,
          {
            ...wanted,
            spec: chosen(spec),
            labels,
            annotations: ours(annotations),
            isGoing: !!deletionTimestamp,
          },
        ];
      });
    }),
  );
  return Object.fromEntries(lists.flat());
}

/** Without the address that the server draws for a Service. */
function chosen(spec: unknown): unknown {
  if (spec === null || typeof spec !== 'object') return spec;
  return Object.fromEntries(Object.entries(spec).filter(([name]) => !name.startsWith('clusterIP')));
}

/** A controller's own counter of rollouts is none of ours, nor the number that GitHub gives to a set of runners. */
function ours(annotations: Readonly<Record<string, string>>) {
  const theirs = /^(?:deployment\.|runner-scale-set-id$)/;
  return Object.fromEntries(Object.entries(annotations).filter(([name]) => !theirs.test(name)));
}

const deploymentsSchema = z.array(
  z.object({ id: z.int(), ref: z.string(), environment: z.string(), created_at: z.string() }),
);
const statusesSchema = z.array(z.object({ state: z.string() }));
const runsSchema = z.object({
  workflow_runs: z.array(
    z.object({ display_title: z.string(), status: z.string(), conclusion: z.string().nullable() }),
  ),
});

const pullsSchema = z.array(
  z.object({
    ...{ title: z.string(), state: z.string(), merged_at: z.string().nullable() },
    head: z.object({ ref: z.string() }),
  }),
);
const branchesSchema = z.array(z.object({ name: z.string() }));

/** The branch of what was merged may stay, as on GitHub. */
async function lookAtGitops(get: (path: string) => Promise<unknown>): Promise<string[]> {
  const pulls = pullsSchema.parse(await get('/repos/acme/gitops/pulls?state=all&per_page=100'));
  const branches = branchesSchema.parse(await get('/repos/acme/gitops/branches?per_page=100'));
  return [
    ...branches
      .filter(({ name }) => !pulls.some((pull) => pull.merged_at !== null && pull.head.ref === name))
      .map((branch) => `branch ${branch.name}`),
    ...pulls
      .filter((pull) => pull.merged_at !== null || pull.state === 'open')
      .map((pull) => `${pull.title}: ${pull.merged_at === null ? 'open' : 'merged'}`),
  ].sort();
}

const environmentsSchema = z.object({ environments: z.array(z.object({ name: z.string() })) });
const variableSchema = z.object({ value: z.string().optional() });
const membersSchema = z.array(z.object({ login: z.string() }));

/** What a complete environment has at GitHub. */
async function lookAtPlaces(get: (path: string) => Promise<unknown>) {
  const environments = await Promise.all(
    ['payments', 'checkout', 'search'].map(async (name) => {
      const path = `/repos/acme/${name}/environments`;
      const { environments: found } = environmentsSchema.parse(await get(`${path}?per_page=100`));
      return Promise.all(
        found.map(async (one) => {
          const variable = await get(`${path}/${one.name}/variables/GREENLIGHT_REQUEST`);
          return `${name}: ${one.name} (${variableSchema.parse(variable).value ?? ''})`;
        }),
      );
    }),
  );
  const teams = await Promise.all(
    ['payments', 'checkout', 'sre'].map(async (team) => {
      const members = membersSchema.parse(await get(`/orgs/acme/teams/${team}/members?per_page=100`));
      return members.map(({ login }) => `${team}: ${login}`);
    }),
  );
  return { environments: environments.flat(2).sort(), teams: teams.flat().sort() };
}

/** Of deployments only those made since: GitHub marks older ones as inactive by itself. */
export async function lookAtGithub(url: string, token: string, since: number): Promise<Look['github']> {
  const get = async (path: string): Promise<unknown> =>
    (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })).json();
  const looks = await Promise.all(
    ['payments', 'checkout', 'search'].map(async (name) => {
      const repository = `/repos/acme/${name}`;
      const found = deploymentsSchema.parse(await get(`${repository}/deployments?per_page=100`));
      const deployments = await Promise.all(
        found
          .filter((one) => Date.parse(one.created_at) >= since)
          .map(async ({ id, ref, environment }) => {
            const statuses = statusesSchema.parse(await get(`${repository}/deployments/${id}/statuses`));
            return `${name} ${ref} to ${environment}: ${statuses.map((one) => one.state).join(', ')}`;
          }),
      );
      const { workflow_runs } = runsSchema.parse(await get(`${repository}/actions/runs?per_page=100`));
      const runs = workflow_runs.map((run) => `${run.display_title}: ${run.status} ${run.conclusion ?? ''}`);
      return { deployments, runs };
    }),
  );
  return {
    ...(await lookAtPlaces(get)),
    gitops: await lookAtGitops(get),
    deployments: looks.flatMap((one) => one.deployments).sort(),
    runs: looks.flatMap((one) => one.runs).sort(),
  };
}
