/** What the secret store's refusal, or its silence, means for the person who asked. No answer's body is ever repeated. */
import { z } from 'zod';
import { type Problem, problem } from '../../core/problem.ts';
import { outageDetail, outageOf } from '../outage.ts';

const ownRights = 'Read them with your own rights, by the command above.';
const policyFile = 'deploy/vault-policy.hcl';

const errorsSchema = z.object({ errors: z.array(z.string()) });

export function refused(status: number, body: unknown): Problem {
  const said = errorsSchema.safeParse(body).data?.errors.join('; ').slice(0, 200) ?? '';
  const detail = `the secret store answered ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 404) {
    return problem('not_found', 'The secret store keeps nothing of this environment yet.', ownRights, {
      detail,
    });
  }
  if (status === 429 || status >= 500) {
    const sentence = /sealed/i.test(said)
      ? 'The secret store is sealed.'
      : `The secret store has trouble of its own (${status}).`;
    return problem('outside_unavailable', sentence, ownRights, { detail, isTransient: true });
  }
  return problem(
    'outside_refused',
    'The secret store does not open this for Greenlight.',
    `${ownRights} The platform team finds the rights that Greenlight needs in ${policyFile}.`,
    { detail },
  );
}

export function unreachable(error: unknown): Problem {
  const outage = outageOf(error);
  return problem('outside_unavailable', `The secret store ${outage.words}.`, ownRights, {
    detail: `the secret store: ${outageDetail(error)}`,
    isTransient: outage.isTransient,
  });
}

export function notWrapped(): Problem {
  return problem(
    'outside_refused',
    'The secret store did not answer with a one-time link.',
    `${ownRights} Tell the platform team: something before the store takes the header X-Vault-Wrap-TTL away.`,
    // The body is left out on purpose: it may hold the very value that nobody but its reader may see.
    { detail: 'an answer of the secret store was not wrapped' },
  );
}

export function badPath(path: string): Problem {
  return problem('bad_input', 'That is no name of something in the secret store.', ownRights, {
    detail: `not a path: ${JSON.stringify(path.slice(0, 100))}`,
  });
}
