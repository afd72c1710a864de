/**
 * A GitHub in a box: the REST API that Octokit speaks, with a world that moves. Start it, point `baseUrl` at its
 * `url`, and steer it with `control` or over HTTP below `/_sandbox/`.
 */
import { type BoxContext, serveBox } from '../serve.ts';
import { buildState, resetState } from './build-state.ts';
import { createControl, type GithubControl } from './control.ts';
import { controlRoutes } from './control-routes.ts';
import { faultBody } from './fault-body.ts';
import { pageRoutes } from './pages.ts';
import { createPushes } from './pushes.ts';
import { createRateLimits } from './rate-limit.ts';
import { appRoutes, installationRoutes } from './routes/apps.ts';
import { checkRoutes } from './routes/checks.ts';
import { commitRoutes } from './routes/commits.ts';
import { contentRoutes } from './routes/contents.ts';
import { deploymentRoutes } from './routes/deployments.ts';
import { environmentVariableRoutes } from './routes/environment-variables.ts';
import { environmentRoutes } from './routes/environments.ts';
import { peopleRoutes } from './routes/people.ts';
import { pullRoutes } from './routes/pulls.ts';
import { refRoutes } from './routes/refs.ts';
import { organizationRepositoryRoutes, repositoryRoutes } from './routes/repositories.ts';
import { logRoutes, runRoutes } from './routes/runs.ts';
import { workflowRoutes } from './routes/workflows.ts';
import { createRunEngine } from './runs.ts';
import { type GithubSeed, loadGithubSeed } from './seed.ts';
import { createGithubApp } from './server.ts';
import { createWebhooks } from './webhooks.ts';

export interface GithubBoxOptions extends BoxContext {
  /** 0 takes a free port. */
  readonly port: number;
  /** The sandbox's own world when not given. */
  readonly seed?: GithubSeed;
}

export interface GithubBox {
  /** For Octokit's `baseUrl`, without a slash at the end. */
  readonly url: string;
  readonly control: GithubControl;
  /** Everything is as in the seed again, at the same address; tokens that were issued stay good. */
  reset(): void;
  stop(): Promise<void>;
}

/** @throws PortInUseError when the port is taken; ZodError when the seed is not one. */
export async function startGithubBox(options: GithubBoxOptions): Promise<GithubBox> {
  const { clock, journal } = options;
  const seed = options.seed ?? loadGithubSeed();
  const state = buildState(seed, clock);
  const webhooks = createWebhooks(state, journal, options.faults);
  const pushes = createPushes();
  state.emit = (event, action, repository, body, sender) => {
    webhooks.emit(event, action, repository, body, sender);
    if (event === 'push') pushes.tell(repository, body);
  };
  const limits = createRateLimits(state);
  const engine = createRunEngine(state);
  const control = createControl({ state, engine, limits, webhooks, pushes, faults: options.faults });
  for (const hook of seed.webhooks) control.addWebhook(hook);
  const app = createGithubApp(state, limits, [
    ...controlRoutes(control),
    ...logRoutes,
    ...repositoryRoutes,
    ...organizationRepositoryRoutes,
    ...workflowRoutes(engine),
    ...runRoutes(engine),
    ...deploymentRoutes,
    // Before the commits, whose last path takes refs with slashes and so would take these as well.
    ...checkRoutes,
    ...commitRoutes,
    ...refRoutes,
    ...contentRoutes,
    ...pullRoutes,
    ...environmentRoutes(engine),
    ...environmentVariableRoutes,
    ...peopleRoutes,
    ...appRoutes,
    ...installationRoutes(limits),
    // Last: their paths begin with any owner, `repos` as well.
    ...pageRoutes,
  ]);
  const serving = await serveBox({
    ...options,
    box: 'github',
    fetch: app.fetch,
    faultBody,
    operationOf: (method, { pathname }) => (isOurs(pathname, seed) ? undefined : `${method} ${pathname}`),
  });
  state.baseUrl = serving.url;
  const reset = () => {
    resetState(state, seed);
    engine.reset();
    limits.reset();
    for (const hook of seed.webhooks) control.addWebhook(hook);
  };
  return { url: serving.url, control, reset, stop: serving.stop };
}

/** The control API and the pages behind `html_url`: neither is a call that an app makes. */
function isOurs(path: string, seed: GithubSeed): boolean {
  return path.startsWith('/_sandbox/') || path.startsWith(`/${seed.organization.login}/`);
}
