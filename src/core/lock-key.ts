/** What a lock is on: one environment of a service, all of a service, everything; or an environment that somebody made. */
import { z } from 'zod';
import { halves } from './halves.ts';

/** `payments/staging`, `payments/*`, `*`; `env:pr-12` for one that somebody made. */
export const lockKeySchema = z
  .string()
  .max(127)
  .regex(
    /^(?:\*|env:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\/(?:\*|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?))$/,
    'a lock is on service/environment, service/* or *',
  )
  .brand<'LockKey'>();
export type LockKey = z.infer<typeof lockKeySchema>;

/** How people write the lock on everything, in place of a service's name. */
export const everything = 'everything';

/** @throws ZodError for names that the catalog could not hold. */
export function lockKeyOf(service: string, environment: string | undefined): LockKey {
  return lockKeySchema.parse(keyText(service, environment));
}

/** The same for what was typed and not yet looked up; `undefined` when it can be nothing that exists. */
export function readLockKey(service: string, environment: string | undefined): LockKey | undefined {
  return lockKeySchema.safeParse(keyText(service, environment)).data;
}

/** While something of it is changed, nothing else of it is. @throws ZodError for a name that none could have. */
export function environmentLockKey(name: string): LockKey {
  return lockKeySchema.parse(`${environmentPrefix}${name}`);
}

/** Runs alone hold such locks: a person's lock, also the one on everything, is on services. */
export function isEnvironmentLock(keys: readonly LockKey[]): boolean {
  return keys.every((key) => key.startsWith(environmentPrefix));
}

const environmentPrefix = 'env:';

function keyText(service: string, environment: string | undefined): string {
  return service === everything ? '*' : `${service}/${environment ?? '*'}`;
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

/** The two words of a key as they are typed; the environment is left out for all of them. */
export function lockKeyWords(key: LockKey): { readonly service: string; readonly environment?: string } {
  const [service, environment] = halves(key, '/');
  if (service === '*') return { service: everything };
  return environment === '*' ? { service } : { service, environment };
}

/** `payments in staging`, `all of payments`, `everything`, `the environment pr-12`. */
export function lockKeyText(key: LockKey): string {
  if (key.startsWith(environmentPrefix)) return `the environment ${key.slice(environmentPrefix.length)}`;
  const [service, environment] = halves(key, '/');
  if (service === '*') return everything;
  return environment === '*' ? `all of ${service}` : `${service} in ${environment}`;
}
