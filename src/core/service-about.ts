/** What people want to know of a service beside how it runs: what it is for, what it needs, where to read on. */
import { z } from 'zod';
import { dnsLabel, title } from './names.ts';

/** How grown up it is: Backstage's well-known lifecycles. */
export const lifecycles = ['experimental', 'production', 'deprecated'] as const;

/** Parts of a service's entry in the catalog. */
export const serviceAbout = {
  /** One or two sentences. */
  description: z.string().max(500).optional(),
  lifecycle: z.enum(lifecycles).optional(),
  /** Words that it is found by. */
  tags: z.array(z.string().min(1).max(63)).default([]),
  /** Services that it calls: the first suspects when it is ill. */
  dependsOn: z.array(dnsLabel).default([]),
  /** Dashboards, runbooks, documentation. */
  links: z
    .array(z.strictObject({ title, url: z.url({ protocol: /^https?$/, error: 'give a whole address' }) }))
    .default([]),
};
