/** `/policy whoami`: who Greenlight takes one for, and how it knows: what one may do hangs on it. */
import { z } from 'zod';
import {
  type Answer,
  type AnswerSection,
  defineAction,
  type ReadAction,
  type ReadContext,
} from '../core/action.ts';
import { githubLoginOf, groupsOf, groupTitles } from '../core/catalog.ts';
import { enrolCommand } from '../core/codes.ts';
import { sourceRefs } from '../core/groups.ts';
import type { Person } from '../core/person.ts';
import { listOf } from '../core/text.ts';
import { policyTarget } from './policy/target.ts';

const input = z.strictObject({});

const policyWhoami: ReadAction<typeof input> = {
  title: 'Who I am here',
  summary: 'See who Greenlight takes you for, and how it knows.',
  effect: 'read',
  command: {
    slash: '/policy',
    verb: 'whoami',
    spoken: 'see',
    noun: 'who I am here',
    positional: [],
    examples: ['/policy whoami'],
  },
  input,

  target: () => policyTarget,

  async answer(_asked, context): Promise<Answer> {
    const { requester } = context;
    return {
      title: 'Who you are here',
      sentence: sentenceOf(requester),
      sections: [
        { title: 'How that is known', fields: [], lines: identityLines(context) },
        groupSection(context),
        { title: 'Second factor', fields: [], lines: [await factorLine(context)] },
      ],
      links: [],
      isPersonal: true,
      next: [{ label: 'What that lets me do', commandLine: '/policy mine' }],
    };
  },
};

export default defineAction(policyWhoami);

function sentenceOf({ name, email }: Person): string {
  return email === undefined
    ? `You are ${name}, and your address is not known: so nobody can tell which groups you are in.`
    : `You are ${name}, ${email}.`;
}

function identityLines({ requester, catalog }: ReadContext): string[] {
  const { id, email, emailBy } = requester;
  const login = githubLoginOf(catalog, email);
  const clusters = Object.values(catalog.clusters).filter(({ impersonate }) => impersonate);
  const titles = listOf(clusters.map(({ title }) => title));
  return [
    `Slack: the account ${id}, a member of this workspace. Slack is asked anew every minute.`,
    ...(email === undefined ? [] : [`E-mail: ${emailWords[emailBy ?? 'unknown']}`]),
    login === undefined
      ? 'GitHub: no login is known. Somebody can add yours to catalog.yml, under people.'
      : `GitHub: ${login}, as catalog.yml says. GitHub itself was not asked whether that is you.`,
    clusters.length > 0 && email !== undefined
      ? `Kubernetes: the user ${email.toLowerCase()} in ${titles}, from your address: you see there what that user may see.`
      : 'Kubernetes: no user of your own; you see what Greenlight sees.',
  ];
}

const emailWords: Readonly<Record<NonNullable<Person['emailBy']> | 'unknown', string>> = {
  slack_confirmed: 'from your Slack profile, and Slack has seen that it is yours.',
  slack_profile: 'from your Slack profile. Slack does not say whether it has seen that it is yours.',
  unknown: 'where it is from was not recorded.',
};

function groupSection({ requester, catalog }: ReadContext): AnswerSection {
  const titles = groupTitles(catalog);
  const own = groupsOf(catalog, requester.email);
  const lines = own.map((name) => {
    const group = catalog.groups[name];
    const elsewhere = group ? sourceRefs(group).map(({ kind, ref }) => `${sourceWords[kind]} ${ref}`) : [];
    return `• ${titles[name] ?? name}, by ${listOf(['catalog.yml', ...elsewhere])}`;
  });
  const doubted = Object.entries(catalog.unknownGroups ?? {}).filter(([name]) => !own.includes(name));
  const unknown = doubted.map(([name, why]) => `• ${titles[name] ?? name}: not known just now (${why})`);
  const all = [...lines, ...unknown];
  return {
    title: 'Groups',
    fields: [],
    lines: all.length > 0 ? all : ['You are in none that the catalog names.'],
  };
}

const sourceWords = {
  slack: 'the Slack user group',
  github: 'the GitHub team',
  onCall: 'the schedule',
} as const;

async function factorLine({ codes, requester }: ReadContext): Promise<string> {
  const since = await codes.enrolledAt(requester);
  return since === undefined
    ? `None is set up. Answers that need a code ask for one: \`${enrolCommand}\`.`
    : `An authenticator app, since ${new Date(since).toISOString().slice(0, 10)}.`;
}
