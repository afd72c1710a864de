/** A service: who owns it, where its code is, how it is deployed and where it runs. */
import { z } from 'zod';
import { dnsLabel, tiers, title } from './names.ts';

export const serviceEnvironmentSchema = z.strictObject({
  tier: z.enum(tiers),
  cluster: dnsLabel,
  namespace: dnsLabel,
  /** The Deployment's name; the service's own when not given. */
  deployment: dnsLabel.optional(),
});
export type ServiceEnvironment = z.infer<typeof serviceEnvironmentSchema>;

export const serviceSchema = z.strictObject({
  title,
  /** Groups that own it. */
  owners: z.array(dnsLabel).min(1),
  /** `owner/name` at GitHub. */
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'write owner/name'),
  /** The workflow file that deploys it: takes the inputs `version`, `environment` and `greenlight_request`. */
  workflow: z.string().default('deploy.yml'),
  environments: z.record(dnsLabel, serviceEnvironmentSchema),
});
export type Service = z.infer<typeof serviceSchema>;
