/** What a line of the log must not be, whoever sent whatever: a fault of our own, or a secret. */
import { plantedSecret } from './nasties.ts';

/** The sandbox's: made up, they open nothing else. */
export const signingSecret = 'sandbox-signing-secret';
export const botToken = 'xoxb-sandbox-greenlight';

/** What is wrong with that line. */
export function wrongIn(line: string): string | undefined {
  const secret = [signingSecret, botToken, plantedSecret].find((one) => line.includes(one));
  if (secret !== undefined) return `a secret in the log: ${line.replaceAll(secret, '(it)').slice(0, 300)}`;
  const { level, code } = JSON.parse(line) as { level: string; code?: string };
  return level === 'error' || code === 'internal' ? `a fault in the log: ${line.slice(0, 1_200)}` : undefined;
}
