/**
 * What environments have cost, from the events of their lives alone. A line is rounded to the cent once, and a total is
 * the sum of its lines, so that whoever adds up the table gets what it says.
 */
import { hourMs } from './duration.ts';
import type { Moment, RequestId } from './ids.ts';
import { centsOf, type LifePiece, piecesBetween } from './life.ts';
import { lifeOf } from './live-on.ts';
import type { PlatformRequest } from './request.ts';
import { monthOf, monthSpan } from './time-zone.ts';

/** One environment in one month, for the team that paid for it then. */
export interface CostLine {
  readonly month: string;
  readonly team: string;
  readonly blueprint: string;
  readonly name: string;
  readonly requestId: RequestId;
  readonly requester: string;
  readonly awakeMs: number;
  readonly asleepMs: number;
  readonly cents: number;
}

export interface CostScope {
  /** Of all months when none is given. */
  readonly month?: string | undefined;
  readonly team?: string | undefined;
}

/** `makers`: requests whose environments were made, whether they are still there or not. Oldest month first. */
export function costLines(
  makers: readonly PlatformRequest[],
  scope: CostScope,
  { zone, now }: { readonly zone: string; readonly now: Moment },
): readonly CostLine[] {
  const lines = makers.flatMap((request) => {
    const life = lifeOf(request);
    const first = life.spans[0]?.from ?? now;
    const months =
      scope.month === undefined ? monthsBetween(first, life.endedAt ?? now, zone) : [scope.month];
    return months.flatMap((month) => {
      const { from, to } = monthSpan(month, zone);
      const pieces = piecesBetween(life, from, Math.min(to, now));
      const teams = [...new Set(pieces.map((one) => one.team))];
      return teams.map((team) =>
        lineOf(
          request,
          month,
          team,
          pieces.filter((one) => one.team === team),
        ),
      );
    });
  });
  return lines
    .filter((line) => scope.team === undefined || line.team === scope.team)
    .toSorted((one, other) => one.month.localeCompare(other.month) || one.name.localeCompare(other.name));
}

export interface CostSum {
  readonly key: string;
  readonly environments: number;
  readonly awakeMs: number;
  readonly asleepMs: number;
  readonly cents: number;
}

/** The lines summed up by what they have in common, the dearest first. */
export function costSums(lines: readonly CostLine[], by: 'team' | 'blueprint' | 'month'): readonly CostSum[] {
  const keys = [...new Set(lines.map((line) => line[by]))];
  return keys
    .map((key) => {
      const its = lines.filter((line) => line[by] === key);
      const sum = (of: (line: CostLine) => number) => its.reduce((total, line) => total + of(line), 0);
      return {
        key,
        environments: new Set(its.map((line) => line.requestId)).size,
        awakeMs: sum((line) => line.awakeMs),
        asleepMs: sum((line) => line.asleepMs),
        cents: sum((line) => line.cents),
      };
    })
    .toSorted((one, other) => other.cents - one.cents || one.key.localeCompare(other.key));
}

/** RFC 4180; one row per line. */
export function costCsv(lines: readonly CostLine[], currency: string): string {
  const rows = lines.map((line) => [
    line.month,
    line.team,
    line.blueprint,
    line.name,
    line.requestId,
    line.requester,
    (line.awakeMs / hourMs).toFixed(2),
    (line.asleepMs / hourMs).toFixed(2),
    (line.cents / 100).toFixed(2),
    currency,
  ]);
  return `${[csvColumns, ...rows].map((row) => row.map(csvField).join(',')).join('\r\n')}\r\n`;
}

const csvColumns = [
  'month',
  'team',
  'blueprint',
  'environment',
  'request',
  'requested_by',
  'awake_hours',
  'asleep_hours',
  'cost',
  'currency',
];

/** What a spreadsheet would take for a formula, full-width signs included, is only text here (OWASP, "CSV Injection"). */
function csvField(value: string): string {
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function lineOf(
  request: PlatformRequest,
  month: string,
  team: string,
  pieces: readonly LifePiece[],
): CostLine {
  const environment = request.outputs?.environment;
  const ms = (isAsleep: boolean) =>
    pieces.reduce((sum, one) => (one.isAsleep === isAsleep ? sum + one.to - one.from : sum), 0);
  return {
    month,
    team,
    blueprint: environment?.blueprint ?? '',
    name: request.target.name,
    requestId: request.id,
    requester: request.requester.name,
    awakeMs: ms(false),
    asleepMs: ms(true),
    cents: centsOf(pieces),
  };
}

/** No environment lives longer than this; a clock that was set wrong once must not make a report of a million months. */
const monthsMax = 120;

function monthsBetween(from: Moment, to: Moment, zone: string): string[] {
  const months: string[] = [];
  for (let at = from; at <= to && months.length < monthsMax; ) {
    const month = monthOf(at, zone);
    months.push(month);
    at = monthSpan(month, zone).to;
  }
  return months;
}
