/** What a lock is on: one environment of a service, all of a service, or everything. */
import { z } from 'zod';

/** `payments/staging`, `payments/*`, `*`. */
export const lockKeySchema = z
  .string()
  .max(127)
  .regex(
    /^(?:\*|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\/(?:\*|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?))$/,
    'a lock is on service/environment, service/* or *',
  )
  .brand<'LockKey'>();
export type LockKey = z.infer<typeof lockKeySchema>;

/** How people write the lock on everything, in place of a service's name. */
export const everything = 'everything';

/** @throws ZodError for names that the catalog could not hold. */
export function lockKeyOf(service: string, environment: string | undefined): LockKey {
  return lockKeySchema.parse(service === everything ? '*' : `${service}/${environment ?? '*'}`);
}

/** Whether having the one takes something of the other away. */
export function overlap(one: LockKey, other: LockKey): boolean {
  const [service, environment] = one.split('/');
  const [otherService, otherEnvironment] = other.split('/');
  if (service === '*' || otherService === '*') return true;
  if (service !== otherService) return false;
  return environment === '*' || otherEnvironment === '*' || environment === otherEnvironment;
}

export function anyOverlap(some: readonly LockKey[], others: readonly LockKey[]): boolean {
  return some.some((one) => others.some((other) => overlap(one, other)));
}

/** `payments in staging`, `all of payments`, `everything`. */
export function lockKeyText(key: LockKey): string {
  const [service = '', environment] = key.split('/');
  if (service === '*') return everything;
  return environment === '*' ? `all of ${service}` : `${service} in ${environment}`;
}
