/** What the names in the catalog look like. */
import { z } from 'zod';

/** Where something lives decides how careful we are with it. */
export const tiers = ['dev', 'staging', 'production'] as const;
export type Tier = (typeof tiers)[number];

/** A DNS label (RFC 1123): what Kubernetes takes as a namespace's name; 63 characters at most. */
export const dnsLabel = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'use small letters, digits and dashes, at most 63, a letter or digit at both ends',
  );

/** Slack shows 75 characters of an option (slack/limits.ts). */
export const title = z.string().min(1).max(75);
