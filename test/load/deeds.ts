/**
 * What 5,000 people do in a day, by number. Assumed: two in five are engineers, and each of them asks for something three
 * times in two days (3,000 requests), looks three times as often (9,000 looks, 2,000 Homes), and those who may answer
 * click 2,000 times; nine tenths of it between 8 and 19 o'clock, with the peaks before noon and at three (1,840 an hour).
 */
import { type Random, randomOf } from '../fuzz/random.ts';

export const dayDeeds = 16_000;

/** For whoever reads the figures. */
export const assumed =
  '3,000 requests, 9,000 looks, 2,000 Homes and 2,000 clicks, up to 1,840 of them in an hour';

/** Parts of the day's deeds by hour, from midnight on. */
const hours = [1, 1, 1, 1, 1, 2, 4, 20, 60, 95, 110, 100, 55, 75, 100, 105, 90, 70, 35, 12, 8, 5, 3, 2];
const parts = hours.reduce((sum, one) => sum + one, 0);

/** How many of the day's deeds are done by that moment of it, from 0 to 1 of the day. */
export function doneBy(share: number): number {
  const hour = Math.min(hours.length, share * hours.length);
  const whole = hours.slice(0, Math.floor(hour)).reduce((sum, one) => sum + one, 0);
  return (whole + (hours[Math.floor(hour)] ?? 0) * (hour % 1)) / parts;
}

export type Deed =
  | { readonly kind: 'command'; readonly user: string; readonly command: string; readonly text: string }
  | { readonly kind: 'home'; readonly user: string }
  | { readonly kind: 'click'; readonly user: string; readonly isAnswer: boolean };

/** Who are in the two teams that own the services; everybody else looks around, and is turned away now and then. */
export const teams = ['payments', 'checkout'] as const;
const developersPerTeam = 300;

export function developersOf(team: (typeof teams)[number], people: readonly string[]): readonly string[] {
  const from = teams.indexOf(team) * developersPerTeam;
  return people.slice(from, from + developersPerTeam);
}

export function deedOf(number: number, people: readonly string[]): Deed {
  const random = randomOf(2026, number);
  const kind = random.below(16);
  if (kind < 3) return { kind: 'command', ...requestOf(random, number, people) };
  const user = random.pick(people);
  if (kind < 12) return { kind: 'command', user, ...lookOf(random) };
  if (kind < 14) return { kind: 'home', user };
  return { kind: 'click', user: random.pick(approvers), isAnswer: random.chance(0.5) };
}

const approvers = ['U0PRIYA', 'U0MAX', 'U0SAM', 'U0OLGA', 'U0LEE'];
const services = ['payments', 'checkout', 'search'];
const versions: Readonly<Record<string, string>> = { payments: 'v1.4.2', checkout: 'v2.8.0' };

/** Nine in ten by members of the team, for what is theirs. */
function requestOf(random: Random, number: number, people: readonly string[]) {
  const team = random.pick(teams);
  const user = random.pick(random.chance(0.9) ? developersOf(team, people) : people);
  const one = random.below(100);
  if (one < 35) return { user, command: '/svc', text: `restart ${team} staging` };
  if (one < 55) {
    const text = `create day-${number} --team ${team} --blueprint namespace --ttl 1h`;
    return { user, command: '/env', text };
  }
  if (one < 75) return { user, command: '/svc', text: `scale ${team} to ${1 + random.below(3)} in staging` };
  if (one < 90) return { user, command: '/deploy', text: `${team} ${versions[team]} staging` };
  return { user, command: '/deploy', text: `${team} ${versions[team]} production` };
}

function lookOf(random: Random) {
  const service = random.pick(services);
  return random.pick([
    { command: '/svc', text: service },
    { command: '/svc', text: `${service} staging` },
    { command: '/requests', text: '' },
    { command: '/requests', text: `REQ-${1 + random.below(200)}` },
    { command: '/env', text: 'list' },
    { command: '/policy', text: '' },
  ]);
}
