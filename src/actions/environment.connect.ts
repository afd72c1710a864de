/**
 * `/env connect`: how to reach what an environment keeps secret. The values are read with the person's own rights, or
 * opened once by a link of the secret store: Greenlight sees them in neither case.
 */
import { z } from 'zod';
import {
  type Answer,
  type AnswerSection,
  defineAction,
  type FieldMeta,
  type KnownEnvironment,
  type ReadAction,
  type ReadContext,
} from '../core/action.ts';
import { formatDuration, minuteMs } from '../core/duration.ts';
import { ProblemError, problem } from '../core/problem.ts';
import { count, listOf } from '../core/text.ts';
import { environmentField, knownTarget, livingRecord } from './environment/known.ts';

const input = z.strictObject({
  name: environmentField('Which one.'),
  link: z
    .boolean()
    .default(false)
    .meta({
      title: 'One-time link',
      description: 'Opens the values once, within a few minutes.',
    } satisfies FieldMeta),
});

/** Long enough to paste it into a terminal, short enough to be worth little when it is found. */
const linkTtl = 5 * minuteMs;

const environmentConnect: ReadAction<typeof input> = {
  title: 'Connect to an environment',
  summary: 'See how to read the connection details of an environment, for you alone.',
  effect: 'read',
  command: {
    slash: '/env',
    verb: 'connect',
    positional: [{ field: 'name' }],
    examples: ['/env connect checkout-pr-12'],
  },
  input,

  target: (asked, { environments }) => knownTarget(asked.name, environments),

  async answer(asked, context): Promise<Answer> {
    const { living } = await livingRecord(asked.name, context);
    const secrets = secretsOf(living);
    if (asked.link) return withLinks(living, secrets, context);
    return {
      title: `Connect to ${living.name}`,
      sentence:
        secrets.length === 0
          ? `${living.name} has no connection details of its own.`
          : `${living.name} keeps its connection details in ${count(secrets.length, 'Secret')}. Read them with your own rights.`,
      sections: secrets.map((secret) => commandSection(living, secret)),
      links: living.url === '' ? [] : [{ label: 'Open it', url: living.url }],
      isPersonal: true,
      next:
        context.secretStore && secrets.length > 0
          ? [{ label: 'One-time link', commandLine: `/env connect ${living.name} --link` }]
          : [],
    };
  },
};

export default defineAction(environmentConnect);

type NamedSecret = NonNullable<KnownEnvironment['secrets']>[number];

/** What Kubernetes takes as a Secret's name (RFC 1123). Anything else would be words in somebody's shell. */
const secretName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

function secretsOf({ secrets = [], namespace }: KnownEnvironment): readonly NamedSecret[] {
  if (!secretName.test(namespace)) return [];
  return secrets.filter(({ name }) => secretName.test(name) && !name.includes('..'));
}

function commandSection({ namespace }: KnownEnvironment, { name, keys }: NamedSecret): AnswerSection {
  return {
    title: name,
    fields: [{ label: 'Holds', value: listOf(keys) }],
    lines: [],
    verbatim: [
      `kubectl -n ${namespace} get secret ${name} \\`,
      `  -o go-template='{{range $k, $v := .data}}{{$k}}={{$v | base64decode}}{{"\\n"}}{{end}}'`,
    ],
  };
}

/** @throws ProblemError `not_found` when there is nothing to open, or nothing that opens it. */
async function withLinks(
  living: KnownEnvironment,
  secrets: readonly NamedSecret[],
  { secretStore, now }: ReadContext,
): Promise<Answer> {
  if (!secretStore) throw new ProblemError(noStore(living.name));
  if (secrets.length === 0) throw new ProblemError(nothingSecret(living.name));
  const links = await Promise.all(
    secrets.map(async ({ name }) => ({
      name,
      link: await secretStore.oneTimeLink(`${living.name}/${name}`, linkTtl),
    })),
  );
  const first = Math.min(...links.map(({ link }) => link.expiresAt));
  return {
    title: `One-time link to ${living.name}`,
    sentence: `It opens once, within ${formatDuration(Math.max(0, first - now))}. If it says that it was used already, somebody else has read it: tell the platform team.`,
    sections: links.map(({ name, link }) => ({
      title: name,
      fields: [],
      lines: [],
      verbatim: [link.command],
    })),
    links: links.slice(0, 1).map(({ link }) => ({ label: 'Or paste its last word there', url: link.url })),
    isPersonal: true,
    isSecret: true,
    next: [{ label: 'With your own rights', commandLine: `/env connect ${living.name}` }],
  };
}

function noStore(name: string) {
  return problem(
    'not_found',
    'No secret store is connected, so there are no one-time links.',
    `Read them with your own rights: /env connect ${name}`,
  );
}

function nothingSecret(name: string) {
  return problem(
    'not_found',
    `${name} has no connection details of its own.`,
    'What its blueprint hands over stands on its card.',
  );
}
