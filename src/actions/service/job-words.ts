/** What a Job said at the end of its newest run: kept with the request, because the Job itself is deleted meanwhile. */
import type { Answer, ReadContext } from '../../core/action.ts';
import type { PlatformRequest } from '../../core/request.ts';
import { wordsStep } from './job-steps.ts';

/** Newer runs of other Jobs stand before it; further back nobody remembers why they ask. */
const runsLookedAtMax = 500;

export async function jobWords(
  asked: { readonly service: string; readonly environment: string; readonly job: string },
  context: ReadContext,
): Promise<Answer> {
  const { service, environment, job } = asked;
  const runs = await context.requests({ action: 'service.run', limit: runsLookedAtMax });
  const run = runs.find((one) => isOf(one, asked) && wordsOf(one) !== undefined);
  const result = run && wordsOf(run);
  const lines = result?.lines ?? '';
  const about = {
    title: `${job} beside ${service} in ${environment}: last lines`,
    isPersonal: true,
    links: [],
    next: [{ label: 'Logs of the service', commandLine: `/svc logs ${service} ${environment}` }],
  };
  if (!run || !result) {
    const sentence = `No run of the Job ${job} beside ${service} in ${environment} has ended yet, so nothing is kept.`;
    return { ...about, sentence, mood: 'unknown', sections: [] };
  }
  const how = result.failed === undefined ? 'It succeeded' : `It failed: ${result.failed}`;
  return {
    ...about,
    sentence: `${how}. Tokens, keys and e-mail addresses are taken out; only you see this.`,
    mood: result.failed === undefined ? 'good' : 'bad',
    sections: [
      {
        title: `${run.id}, by ${run.requester.name}`,
        fields: [],
        lines: lines === '' ? ['It said nothing.'] : [],
        ...(lines === '' ? {} : { verbatim: lines.split('\n') }),
      },
    ],
  };
}

function isOf(
  { input }: PlatformRequest,
  asked: { service: string; environment: string; job: string },
): boolean {
  return (
    input.service === asked.service && input.environment === asked.environment && input.job === asked.job
  );
}

function wordsOf({ steps }: PlatformRequest) {
  return steps.find(({ id }) => id === wordsStep)?.result;
}
