/** The control API over HTTP, for scripts and the world panel: one POST for each function, its options as JSON. */
import { z } from 'zod';
import type { GithubControl } from './control.ts';
import { GithubError, json, noContent, type OpenRoute } from './http.ts';

const whichSchema = { repository: z.string().optional(), workflow: z.string().optional() };
const runSchema = z.strictObject({ runId: z.int() });

export function controlRoutes(control: GithubControl): readonly OpenRoute[] {
  return [
    open('GET', 'app', z.undefined(), () => control.app),
    open('GET', 'workflows', z.undefined(), () => control.workflows()),
    open('GET', 'runs', z.undefined(), () => control.runs()),
    open('GET', 'deliveries', z.undefined(), () => control.deliveries()),
    open(
      'POST',
      'fail-next-run',
      z.strictObject({
        ...whichSchema,
        failsAt: z.strictObject({ job: z.string(), step: z.string().optional(), log: z.string().optional() }),
      }),
      (next) => control.failNextRun(defined(next)),
    ),
    open('POST', 'hold-next-run', z.strictObject(whichSchema), (next) => control.holdNextRun(defined(next))),
    open('POST', 'hold-run', runSchema, ({ runId }) => control.holdRun(runId)),
    open('POST', 'release-run', runSchema, ({ runId }) => control.releaseRun(runId)),
    open(
      'POST',
      'finish-run',
      z.strictObject({ runId: z.int(), conclusion: z.enum(['success', 'failure']).default('success') }),
      ({ runId, conclusion }) => control.finishRun(runId, conclusion),
    ),
    open(
      'POST',
      'review-run',
      z.strictObject({
        runId: z.int(),
        verdict: z.enum(['approved', 'rejected']),
        by: z.string(),
        comment: z.string().default(''),
      }),
      ({ runId, verdict, by, comment }) => control.reviewRun(runId, verdict, by, comment),
    ),
    open(
      'POST',
      'protect-environment',
      z.strictObject({ repository: z.string(), environment: z.string(), reviewerTeams: z.array(z.string()) }),
      ({ repository, environment, reviewerTeams }) =>
        control.protectEnvironment(repository, environment, reviewerTeams),
    ),
    open(
      'POST',
      'pull-conflict',
      z.strictObject({ repository: z.string(), number: z.int(), conflicting: z.boolean() }),
      ({ repository, number, conflicting }) => control.setPullConflict(repository, number, conflicting),
    ),
    open(
      'POST',
      'protect-branch',
      z.strictObject({
        repository: z.string(),
        branch: z.string(),
        requiredContexts: z.array(z.string()).optional(),
      }),
      ({ repository, branch, requiredContexts }) =>
        control.protectBranch(repository, branch, requiredContexts),
    ),
    open('POST', 'rate-limit', z.strictObject({ remaining: z.int().min(0) }), ({ remaining }) =>
      control.setRateLimitRemaining(remaining),
    ),
    open(
      'POST',
      'secondary-limit',
      z.strictObject({
        operation: z.string().optional(),
        times: z.int().optional(),
        status: z.union([z.literal(403), z.literal(429)]).optional(),
        retryAfterSeconds: z.int().optional(),
      }),
      (options) => ({ faultId: control.secondaryLimit(defined(options)) }),
    ),
    open(
      'POST',
      'webhooks',
      z.strictObject({ url: z.url(), secret: z.string(), events: z.array(z.string()).default(['*']) }),
      (hook) => ({ id: control.addWebhook(hook).id }),
    ),
    open('POST', 'redeliver', z.strictObject({ deliveryId: z.int() }), ({ deliveryId }) =>
      control.redeliver(deliveryId),
    ),
  ];
}

function open<T extends z.ZodType>(
  method: 'GET' | 'POST',
  name: string,
  schema: T,
  act: (input: z.output<T>) => unknown,
): OpenRoute {
  return {
    about: 'open',
    method,
    path: `/_sandbox/${name}`,
    docs: '',
    async handle({ body }) {
      const parsed = schema.safeParse(method === 'GET' ? undefined : (body ?? {}));
      if (!parsed.success) throw new GithubError(400, z.prettifyError(parsed.error));
      try {
        const answer = await act(parsed.data);
        return answer === undefined ? noContent : json(200, answer);
      } catch (error) {
        if (error instanceof Error) throw new GithubError(404, error.message);
        throw error;
      }
    },
  };
}

/** Without the keys whose value is `undefined`, which optional properties do not take. */
function defined<T extends object>(input: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
