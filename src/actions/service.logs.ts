/** `/svc logs`: what the Pods that matter said last, without what is secret in it, to whoever may read it and asks. */
import { z } from 'zod';
import {
  type AnswerFile,
  type AnswerSection,
  defineAction,
  type FieldMeta,
  type ReadAction,
} from '../core/action.ts';
import type { ContainerLog } from '../core/cluster.ts';
import { redactLog } from '../core/redact.ts';
import { count } from '../core/text.ts';
import { environmentField, serviceField } from './service/fields.ts';
import { viewOf } from './service/freshness.ts';
import { jobWords } from './service/job-words.ts';
import { placeOf, serviceTarget } from './service/place.ts';

const input = z.strictObject({
  service: serviceField('Whose logs.'),
  environment: environmentField('Where.'),
  lines: z
    .int()
    .min(1)
    .max(1000)
    .default(50)
    .meta({ title: 'Lines', description: 'How many of each Pod, at most.' } satisfies FieldMeta),
  job: z
    .string()
    .min(1)
    .max(30)
    .optional()
    .meta({
      title: 'Job',
      description: 'What this Job said at the end of its newest run, instead of the Pods.',
      placeholder: 'migrate',
    } satisfies FieldMeta),
});

/** Three Pods say what the others would say too. */
const podsShownMax = 3;
/** Beyond this a message leaves lines out at the top: then all of them come as a file. */
const messageCharactersMax = 2_800;
const screenLines = 36;

const serviceLogs: ReadAction<typeof input> = {
  title: 'Logs of a service',
  summary: 'Read what it said last, before it crashed if it did.',
  effect: 'read',
  command: {
    slash: '/svc',
    verb: 'logs',
    positional: [{ field: 'service' }, { field: 'environment', word: 'in' }],
    examples: ['/svc logs search staging', '/svc logs payments production --lines 20'],
  },
  input,

  target: (asked, { catalog }) => serviceTarget(asked, catalog),

  async answer(asked, context) {
    if (asked.job !== undefined) return jobWords({ ...asked, job: asked.job }, context);
    const { cluster, namespace, deployment } = placeOf(asked, context.catalog);
    const most = { pods: podsShownMax, lines: asked.lines };
    const found = await viewOf(cluster, context).logs(namespace, deployment, most);
    const ill = found.filter((log) => log.trouble !== '');
    // While one is ill, what the others say is only in the way.
    const logs = (ill.length > 0 ? ill : found).map(shownLog);
    const files = filesOf(asked, logs);
    // With a file beside it the message holds what fits on a screen.
    const lines = files.length === 0 ? Number.POSITIVE_INFINITY : Math.floor(screenLines / logs.length);
    return {
      title: `${asked.service} in ${asked.environment}: last lines`,
      sentence: sentenceOf(logs),
      mood: ill.length > 0 ? 'bad' : logs.length === 0 ? 'unknown' : 'good',
      isPersonal: true,
      sections: logs.map((log) => sectionOf(log, lines)),
      files,
      links: [],
      next: [{ label: 'Restart', commandLine: `/svc restart ${asked.service} ${asked.environment}` }],
    };
  },
};

export default defineAction(serviceLogs);

function sentenceOf(logs: readonly ShownLog[]): string {
  const [worst] = logs;
  if (!worst) return 'There are no Pods, so nothing speaks.';
  const how = worst.trouble === '' ? `${count(logs.length, 'Pod')}, no complaints` : worst.trouble;
  return `${how}. Tokens, keys and e-mail addresses are taken out; only you see this.`;
}

/** A log with a heading, its text redacted: from here on nothing else of it is used. */
interface ShownLog {
  readonly title: string;
  readonly trouble: string;
  readonly text: string;
}

/** The whole of it at once: a private key has several lines. */
function shownLog(log: ContainerLog): ShownLog {
  const whose = log.container === '' ? log.pod : `${log.container} in ${log.pod}`;
  return {
    title: log.isPrevious ? `${whose}, before it crashed` : whose,
    trouble: log.trouble,
    text: redactLog(printable(log.lines.join('\n'))),
  };
}

function sectionOf({ title, trouble, text }: ShownLog, linesMax: number): AnswerSection {
  const all = text.split('\n');
  const left = all.length - linesMax;
  return {
    title,
    mood: trouble === '' ? 'good' : 'bad',
    fields: [],
    lines: [
      ...(text === '' ? ['It has not said anything yet.'] : []),
      ...(left > 0 ? [`The last ${linesMax} of ${all.length} lines; all of them are in the file.`] : []),
    ],
    ...(text === '' ? {} : { verbatim: all.slice(Math.max(0, left)) }),
  };
}

/** One file with all of them, when a message would leave lines out of one. */
function filesOf(asked: { service: string; environment: string }, logs: readonly ShownLog[]): AnswerFile[] {
  if (logs.every(({ text }) => text.length <= messageCharactersMax)) return [];
  const place = `${asked.service}-${asked.environment}`;
  return [
    {
      name: `${place}.log`,
      content: logs.map(({ title, text }) => `==> ${title} <==\n${text}\n`).join('\n'),
      altText: `The last lines of ${asked.service} in ${asked.environment}, redacted.`,
    },
  ];
}

/** Colours and cursor moves are for terminals; here they would be noise, or hide what stands beside them. */
function printable(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
      .replaceAll(/\u001b\[[0-9;?]{0,30}[A-Za-z]/g, '')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
  );
}
