/** Time-based codes by RFC 6238, as authenticator apps read them: the library, and our numbers. Pure but for chance. */
import { Secret, TOTP } from 'otpauth';
import { codeLimits } from '../core/codes.ts';
import type { Moment } from '../core/ids.ts';

/** Base32. */
export function newSecret(): string {
  return new Secret({ size: codeLimits.secretBytes.value }).base32;
}

/** The time step of a right code, which says what it spends; `undefined` when it is none of this moment. */
export function stepOf(secret: string, code: string, now: Moment): number | undefined {
  const away = generator(secret).validate({
    token: code,
    timestamp: now,
    window: codeLimits.stepsAround.value,
  });
  return away === null ? undefined : Math.floor(now / codeLimits.stepMs.value) + away;
}

/** What an app shows at that moment. */
export function codeAt(secret: string, now: Moment): string {
  return generator(secret).generate({ timestamp: now });
}

export function addressOf(secret: string, label: string): string {
  return generator(secret, label).toString();
}

function generator(secret: string, label = ''): TOTP {
  return new TOTP({
    ...{ issuer: 'Greenlight', label, secret: Secret.fromBase32(secret) },
    // What every app can: some ignore the other algorithms that an address may name, and show codes that never fit.
    ...{ algorithm: 'SHA1', digits: codeLimits.digits.value, period: codeLimits.stepMs.value / 1_000 },
  });
}
