/** Every answer of the box that GitHub describes has the shape that GitHub describes. */
import { expect, test } from 'vitest';
import { githubWorld } from './github-world.ts';
import { openapiJudge } from './openapi.ts';
import { observeWalk } from './walk.ts';

const judge = openapiJudge();

/** Described by GitHub, not served here: answered with an honest 501. */
const notServed = [
  'GET /repos/{owner}/{repo}/branches/{branch}/protection',
  'GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies',
  'GET /repos/{owner}/{repo}/git/trees/{tree_sha}',
  'GET /repos/{owner}/{repo}/releases',
  'GET /repos/{owner}/{repo}/releases/latest',
  'GET /repos/{owner}/{repo}/rules/branches/{branch}',
  'POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule',
  'POST /repos/{owner}/{repo}/dispatches',
  'POST /repos/{owner}/{repo}/git/blobs',
  'POST /repos/{owner}/{repo}/git/commits',
  'POST /repos/{owner}/{repo}/git/trees',
  'POST /repos/{owner}/{repo}/merges',
];

/** Ours on purpose. */
const knownDeviations: Readonly<Record<string, string>> = {
  'GET /app/installations 200':
    'the description asks that `account` be a person and an enterprise at once; its own example has the person',
};

test.skipIf(!judge)(
  judge
    ? 'every answer has the shape that GitHub describes'
    : 'shapes: did not run, the shared data is not there',
  async () => {
    if (!judge) return;
    const seen = new Map<string, readonly string[]>();
    for (const { method, path, status, body } of await observeWalk(await githubWorld())) {
      const operation = judge.operationOf(method, path);
      const faults = operation && judge.judge(operation, status, body);
      if (operation && faults) seen.set(`${operation} ${status}`, faults);
    }

    const agree = [...seen].filter(([, faults]) => faults.length === 0).length;
    console.log(`GitHub shapes: ${agree} of ${seen.size} answers agree with the OpenAPI description.`);
    const deviations = [...seen].filter(([key, faults]) => faults.length > 0 && !(key in knownDeviations));
    expect(deviations).toEqual([]);
    const operations = new Set([...seen.keys()].map((key) => key.split(' ').slice(0, 2).join(' ')));
    const unseen = judge.operations.filter((one) => !operations.has(one) && !notServed.includes(one));
    console.log(
      `Operations: ${operations.size} of ${judge.operations.length} served, ${notServed.length} answer 501.`,
    );
    expect(unseen).toEqual([]);
  },
);

test('what is not served says so and names the path', async () => {
  const { box } = await githubWorld();
  const response = await fetch(`${box.url}/repos/acme/payments/releases`);
  expect(response.status).toBe(501);
  expect(await response.json()).toMatchObject({
    message: "The sandbox's GitHub does not serve GET /repos/acme/payments/releases",
    status: '501',
  });
});
