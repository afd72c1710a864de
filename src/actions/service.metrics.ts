/** `/svc metrics`: traffic, errors, latency and saturation over an hour or a day, with deploys marked. */
import { z } from 'zod';
import {
  type Answer,
  type AnswerSection,
  defineAction,
  type FieldMeta,
  type ReadAction,
  type ReadContext,
} from '../core/action.ts';
import type { Catalog } from '../core/catalog.ts';
import { valueWords } from '../core/chart-words.ts';
import { dayMs, hourMs, minuteMs } from '../core/duration.ts';
import { budgetWords, errorBudget, isBudgetWell } from '../core/error-budget.ts';
import { ProblemError } from '../core/problem.ts';
import { serviceField } from './service/fields.ts';
import { daysMs, type Gauge, gaugeOf, noMetrics, numberOf } from './service/measure.ts';
import { ageWords, deployMarks, type MeasuredChart, measureCharts } from './service/metric-charts.ts';
import { placeOf, serviceTarget } from './service/place.ts';

const spans = ['1h', '24h'] as const;

const input = z.strictObject({
  service: serviceField('Whose numbers.'),
  environment: z
    .string()
    .max(63)
    .optional()
    .meta({
      title: 'Environment',
      description: 'Production when left empty.',
      choices: 'serviceEnvironments',
    } satisfies FieldMeta),
  span: z
    .enum(spans)
    .optional()
    .meta({ title: 'Time', description: 'The last hour when left empty.' } satisfies FieldMeta),
});

/** Sixty and ninety-six points: as many as such a small picture can show. */
const steps = {
  '1h': { lengthMs: hourMs, stepMs: minuteMs },
  '24h': { lengthMs: dayMs, stepMs: 15 * minuteMs },
};

const serviceMetrics: ReadAction<typeof input> = {
  title: 'Numbers of a service',
  summary: 'See its traffic, errors, latency and load as charts, with deploys marked.',
  effect: 'read',
  command: {
    slash: '/svc',
    verb: 'metrics',
    positional: [{ field: 'service' }, { field: 'environment', word: 'in' }, { field: 'span', word: 'over' }],
    examples: ['/svc metrics payments', '/svc metrics payments production 24h', '/svc metrics search 24h'],
  },
  input,

  target: (asked, { catalog }) => serviceTarget(settled(asked, catalog), catalog),

  async answer(given, context) {
    const asked = settled(given, context.catalog);
    const gauge = gaugeOf(asked, context);
    if (!gauge) throw new ProblemError(noMetrics());
    const { lengthMs, stepMs } = steps[asked.span];
    // On whole steps, so that the same question a second later shows the same points.
    const to = Math.floor(context.now / stepMs) * stepMs;
    const span = { from: to - lengthMs, to, stepMs };
    const { marks, unknown } = await deployMarks(asked, span, context);
    const [charts, budget] = await Promise.all([
      measureCharts(gauge, span, marks),
      budgetOf(asked, gauge, context),
    ]);
    const title = `${asked.service} in ${asked.environment}, last ${asked.span}`;
    const other = spans.find((one) => one !== asked.span) ?? '1h';
    const notes = [
      ageWords(charts, span, context.now),
      unknown === undefined ? undefined : `Deploys cannot be marked: ${unknown}`,
      ...warningsOf(charts),
    ].filter((note) => note !== undefined);
    return {
      title,
      sentence: sentenceOf(asked.service, charts, budget),
      ...moodOf(charts, budget),
      sections: [...sectionsOf(`Over the last ${asked.span}`, charts), ...noteSection(notes)],
      links: [],
      charts: {
        name: `${asked.service}-${asked.environment}-${asked.span}.png`,
        title,
        zone: context.catalog.zone,
        charts: charts.map(({ chart }) => chart),
      },
      next: [
        {
          label: `Last ${other}`,
          commandLine: `/svc metrics ${asked.service} ${asked.environment} ${other}`,
        },
        {
          label: 'Status',
          commandLine: `/svc --service ${asked.service} --environment ${asked.environment}`,
        },
      ],
    };
  },
};

export default defineAction(serviceMetrics);

interface Settled {
  readonly service: string;
  readonly environment: string;
  readonly span: (typeof spans)[number];
}

/** `/svc metrics payments 24h` leaves the environment out: nobody calls one so. */
function settled(asked: z.infer<typeof input>, { services }: Catalog): Settled {
  const environments = services[asked.service]?.environments ?? {};
  const typed = spans.find((one) => one === asked.environment && !(one in environments));
  const named = typed === undefined ? asked.environment : undefined;
  const [first = ''] = Object.keys(environments);
  const production = Object.keys(environments).find((name) => environments[name]?.tier === 'production');
  return {
    service: asked.service,
    environment: named ?? production ?? first,
    span: asked.span ?? typed ?? '1h',
  };
}

interface Budget {
  readonly words: string;
  readonly isWell: boolean;
}

/** `undefined` for a service without an objective. */
async function budgetOf(asked: Settled, gauge: Gauge, context: ReadContext): Promise<Budget | undefined> {
  const { objective } = placeOf(asked, context.catalog).service.metrics ?? {};
  if (!objective) return undefined;
  const [spent, now] = await Promise.all([
    gauge.now('errors', daysMs(objective.days)),
    gauge.now('errors', hourMs),
  ]);
  const [spentShare, nowShare] = [numberOf(spent), numberOf(now)];
  if (spentShare === undefined || nowShare === undefined) {
    return { words: 'How much of the error budget is left cannot be told.', isWell: true };
  }
  const budget = errorBudget(objective, spentShare, nowShare);
  return { words: budgetWords(objective, budget), isWell: isBudgetWell(budget) };
}

function sentenceOf(service: string, charts: readonly MeasuredChart[], budget: Budget | undefined): string {
  const failed = charts.flatMap(({ lines }) =>
    lines.flatMap(({ measured }) => ('problem' in measured ? [measured.problem] : [])),
  );
  const known = charts.filter(({ chart }) => chart.gap === undefined);
  const [worst] = failed;
  if (known.length === 0) {
    return worst
      ? `${worst.sentence} ${worst.next}`
      : `Prometheus has no numbers of ${service}: is the label right? The queries are below.`;
  }
  const now = known
    .flatMap(({ chart }) => chart.lines.slice(0, 2).flatMap((line) => lastWords(chart.unit, line)))
    .join(', ');
  const failing = failingNow(charts);
  const first =
    failing === undefined ? '' : `${valueWords('ratio', failing)} of the requests to ${service} fail. `;
  return `${first}${service} now: ${now}.${budget ? ` ${budget.words}` : ''}`;
}

function lastWords(
  unit: Parameters<typeof valueWords>[0],
  line: MeasuredChart['chart']['lines'][number],
): string[] {
  const last = line.points.at(-1);
  return last ? [`${line.name} ${valueWords(unit, last.value)}`] : [];
}

/** Whatever was promised, a service of which every twentieth request fails is not called well. */
const failingShare = 0.05;

/** None for numbers that nobody has said the bounds of. */
function moodOf(charts: readonly MeasuredChart[], budget: Budget | undefined): Pick<Answer, 'mood'> {
  if (charts.every(({ chart }) => chart.gap !== undefined)) return { mood: 'unknown' };
  if (budget?.isWell === false || failingNow(charts) !== undefined) return { mood: 'bad' };
  return budget ? { mood: 'good' } : {};
}

/** The share of requests that fail, when it is one to be told first. */
function failingNow(charts: readonly MeasuredChart[]): number | undefined {
  const errors = charts.find(({ chart }) => chart.title === 'Errors')?.chart.lines[0];
  const share = errors?.points.at(-1)?.value;
  return share !== undefined && share >= failingShare ? share : undefined;
}

/** All that is known side by side; what is not known each with what was asked, so that a wrong label can be found. */
function sectionsOf(title: string, charts: readonly MeasuredChart[]): AnswerSection[] {
  const fields = charts.flatMap(({ chart }) =>
    chart.lines.flatMap(({ name, points }) => {
      const values = points.map(({ value }) => value);
      const last = values.at(-1);
      if (last === undefined) return [];
      const words = (value: number) => valueWords(chart.unit, value);
      const value = `${words(last)} now, ${words(Math.min(...values))} to ${words(Math.max(...values))}`;
      return [{ label: chart.lines.length === 1 ? chart.title : `${chart.title}, ${name}`, value }];
    }),
  );
  return [
    ...(fields.length === 0 ? [] : [{ title, fields, lines: [] }]),
    ...charts.flatMap(({ chart: { title, gap }, lines }): AnswerSection[] => {
      if (gap === undefined) return [];
      const verbatim = lines.slice(0, 1).map(({ measured }) => measured.query);
      return [{ title, mood: 'unknown', fields: [], lines: [gap], verbatim }];
    }),
  ];
}

/** The same warning comes with each question. */
function warningsOf(charts: readonly MeasuredChart[]): string[] {
  const said = charts.flatMap(({ lines }) =>
    lines.flatMap(({ measured }) => ('answer' in measured ? measured.answer.warnings : [])),
  );
  return [...new Set(said)].slice(0, 3).map((one) => `Prometheus says that its answer is not whole: ${one}`);
}

function noteSection(notes: readonly string[]): AnswerSection[] {
  return notes.length === 0 ? [] : [{ title: 'To know', fields: [], lines: notes }];
}
