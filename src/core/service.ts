/** A service: who owns it, where its code is, how it is deployed and where it runs. */
import { z } from 'zod';
import { deployStrategySchema } from './deploy-strategy.ts';
import { dnsLabel, tiers, title } from './names.ts';
import { serviceAbout } from './service-about.ts';
import { serviceJobsSchema } from './service-job.ts';
import { serviceMetricsSchema } from './service-metrics.ts';

export const serviceEnvironmentSchema = z.strictObject({
  tier: z.enum(tiers),
  cluster: dnsLabel,
  namespace: dnsLabel,
  /** The Deployment's name; the service's own when not given. */
  deployment: dnsLabel.optional(),
  /** The environment through which a commit must have gone before it comes here. */
  after: dnsLabel.optional(),
});
export type ServiceEnvironment = z.infer<typeof serviceEnvironmentSchema>;

export const serviceSchema = z.strictObject({
  title,
  ...serviceAbout,
  /** Groups that own it. */
  owners: z.array(dnsLabel).min(1),
  /** `owner/name` at GitHub. */
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'write owner/name'),
  deploy: deployStrategySchema.default({ by: 'workflow', workflow: 'deploy.yml' }),
  /** Checks that must be green for exactly the commit that goes out; none: all that there are. */
  requiredChecks: z.array(z.string().min(1)).default([]),
  /** Paths (`migrations/**`) whose change means that the way back is harder. */
  migrations: z.array(z.string().min(1)).default([]),
  /** What follows a deploy that failed half-way: a rollback by itself, or somebody's decision. */
  rollback: z.enum(['automatic', 'manual']).default('manual'),
  environments: z.record(dnsLabel, serviceEnvironmentSchema),
  /** What people may run beside it: `/svc run <service> <environment> <job>`. */
  jobs: serviceJobsSchema.default({}),
  /** How its numbers are asked for, and how well it means to do. */
  metrics: serviceMetricsSchema.optional(),
});
export type Service = z.infer<typeof serviceSchema>;
