/** Held against GitHub's documented examples and recorded errors: the same keys, values of the same kind. */
import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { githubWorld } from './github-world.ts';
import { dataFolder, openapiJudge, readData } from './openapi.ts';
import { observeWalk } from './walk.ts';

const judge = openapiJudge();
const hasExamples = existsSync(`${dataFolder}examples`);

const recordings = `${dataFolder}recorded-pygithub`;
const hasRecordings = existsSync(recordings);

interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

interface Example {
  readonly method: string;
  readonly path: string;
  readonly responses: Readonly<Record<string, { readonly examples?: Readonly<Record<string, unknown>> }>>;
}

/** What examples have and the box leaves out, with the reason. Held against the path of the key. */
const leftOut: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/(template_repository|temp_clone_token|security_and_analysis|custom_properties)$/, 'for administrators'],
  [
    /allow_(rebase_merge|squash_merge|merge_commit|auto_merge)$|delete_branch_on_merge$/,
    'for administrators',
  ],
  [/repository\/(git|ssh)_url$/, 'recorded runs and statuses lack them, only the examples have them'],
  [
    /\/(permissions|subscribers_count|network_count|license|organization|parent|source)$/,
    'not in every answer',
  ],
  [/permissions\/\w+$/, 'permissions that this App does not have'],
  [/payload\/\w+$/, 'the payload is the caller’s own'],
  [/^\/master_branch$/, 'gone from GitHub since 2012'],
  [
    /(allow_update_branch|use_squash_pr_title_as_default|merge_commit_(message|title))$/,
    'for administrators',
  ],
  [/resources\/\w+$/, 'rate limits of what is not served'],
  [
    /(plan|private_gists|\w+_private_repos|disk_usage|collaborators|two_factor_authentication)$/,
    'not told about others',
  ],
  [/(enterprise_teams_providing_indirect_membership|direct_membership)$/, 'no enterprise here'],
  [/reviewer\/\w+$/, 'the example has a person, the seed a team'],
  [/protection_rules\/0\/wait_timer$/, 'the example waits, the seed asks reviewers'],
];

test.skipIf(!hasExamples || !judge)(
  hasExamples
    ? 'answers have what the documented examples have'
    : 'examples: did not run, the shared data is not there',
  async () => {
    if (!judge) return;
    const examples = new Map<string, Example>();
    for (const file of readdirSync(`${dataFolder}examples`)) {
      const example = readData(`examples/${file}`) as Example;
      examples.set(`${example.method} ${example.path}`, example);
    }
    const verdicts = new Map<string, readonly string[]>();
    for (const { method, path, status, body } of await observeWalk(await githubWorld())) {
      const operation = judge.operationOf(method, path) ?? '';
      const documented = examples.get(operation)?.responses[String(status)]?.examples;
      if (!documented) continue;
      // An operation may have several examples (a file, a folder); the closest one counts.
      const all = Object.values(documented).map((example) => differences(example, body, ''));
      const closest = all.sort((a, b) => a.length - b.length)[0] ?? [];
      verdicts.set(`${operation} ${status}`, closest);
    }
    const agree = [...verdicts.values()].filter((one) => one.length === 0).length;
    console.log(
      `GitHub examples: ${agree} of ${verdicts.size} answers have all that the documented example has, but for ${leftOut.length} listed kinds of keys.`,
    );
    expect([...verdicts].filter(([, faults]) => faults.length > 0)).toEqual([]);
  },
);

test.skipIf(!hasRecordings || !judge)(
  hasRecordings
    ? 'answers have what recorded answers of GitHub have'
    : 'recordings: did not run, the shared data is not there',
  async () => {
    if (!judge) return;
    const ours = new Map<string, unknown[]>();
    for (const { method, path, status, body } of await observeWalk(await githubWorld())) {
      const key = `${judge.operationOf(method, path)} ${status}`;
      ours.set(key, [...(ours.get(key) ?? []), body]);
    }
    const verdicts = new Map<string, readonly string[]>();
    for (const file of readdirSync(recordings)) {
      for (const { method, path, status, body } of readData(
        `recorded-pygithub/${file}`,
      ) as readonly Recorded[]) {
        const operation = judge.operationOf(method, decodeURIComponent(path.split('?')[0] ?? ''));
        const answers = ours.get(`${operation} ${status}`);
        if (!operation || !answers || status >= 300) continue;
        // We may have answered an operation in several forms (a file, a folder); the closest one counts.
        const all = answers.map((answer) => differences(body, answer, ''));
        const closest = all.sort((a, b) => a.length - b.length)[0] ?? [];
        verdicts.set(`${operation} ${status} (${file})`, closest);
      }
    }
    const agree = [...verdicts.values()].filter((one) => one.length === 0).length;
    console.log(
      `GitHub recordings: ${agree} of ${verdicts.size} answers have all that the recorded ones have, but for the same keys.`,
    );
    expect([...verdicts].filter(([, faults]) => faults.length > 0)).toEqual([]);
  },
);

/** Keys of the example that are missing, and values of another kind. `null` agrees with everything. */
function differences(example: unknown, ours: unknown, at: string): readonly string[] {
  if (example === null || ours === null || example === undefined) return [];
  if (Array.isArray(example)) {
    if (!Array.isArray(ours)) return [`${at}: a list expected`];
    const [first] = example;
    const [mine] = ours;
    return first === undefined || mine === undefined ? [] : differences(first, mine, `${at}/0`);
  }
  if (typeof example === 'object') {
    if (typeof ours !== 'object' || Array.isArray(ours)) return [`${at}: an object expected`];
    const mine = ours as Record<string, unknown>;
    return Object.entries(example as object).flatMap(([key, value]) => {
      if (key in mine) return differences(value, mine[key], `${at}/${key}`);
      const path = `${at}/${key}`;
      return leftOut.some(([pattern]) => pattern.test(path)) ? [] : [`${path} is missing`];
    });
  }
  return typeof example === typeof ours ? [] : [`${at}: a ${typeof example} expected, ${typeof ours} served`];
}
