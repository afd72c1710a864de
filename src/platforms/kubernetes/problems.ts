/**
 * What an API server's refusal, or its silence, means for the person who asked. The server's own message is passed
 * on where it names the cause; nothing of our request is.
 */
import { ZodError } from 'zod';
import { type Problem, ProblemError, problem } from '../../core/problem.ts';
import { listOf } from '../../core/text.ts';
import { outageDetail, outageOf } from '../outage.ts';
import { SignInError, type Status, StatusError } from './transport.ts';

const tellOperator = 'Tell the platform team what you wanted to do.';
const tryLater = 'Greenlight tries again by itself; if it stays, tell the platform team.';

/**
 * @param cluster the name people know it by.
 * @param about what the call was about: "Namespace checkout-pr-12".
 * @param whose rights were asked for: our own, or those of the person in whose name we called.
 */
export function problemOf(
  error: unknown,
  cluster: string,
  about: string,
  whose: 'us' | 'person' = 'us',
): ProblemError {
  if (error instanceof ProblemError) return error;
  const found =
    error instanceof StatusError ? refusal(error, cluster, about, whose) : silence(error, cluster, about);
  return new ProblemError(found, { cause: error });
}

export function noDeployment(namespace: string, deployment: string, cluster: string): ProblemError {
  return new ProblemError(
    problem(
      'not_found',
      `There is no Deployment ${deployment} in ${namespace} in the cluster ${cluster}.`,
      'See what the catalog says of this service, and whether it was ever deployed there.',
    ),
  );
}

function silence(error: unknown, cluster: string, about: string): Problem {
  const detail = `${about}: ${outageDetail(error)}`;
  if (error instanceof SignInError) {
    const sentence = `Greenlight could not get its credentials for the cluster ${cluster}.`;
    // A plugin asks others, who may be away for a moment. A file that is not there, or the plugin itself, stays away.
    if (!isMissingFile(error.cause))
      return problem('outside_unavailable', sentence, tryLater, { detail, isTransient: true });
    const next = 'Tell the platform team: the user of this kubeconfig context does not work.';
    return problem('outside_refused', sentence, next, { detail });
  }
  // A proxy's page, a server in the middle of its start, or a version that answers otherwise than we read.
  if (error instanceof SyntaxError || error instanceof ZodError) {
    const sentence = `The cluster ${cluster} answered with something that Greenlight cannot read.`;
    return problem('outside_unavailable', sentence, tryLater, { detail, isTransient: true });
  }
  const outage = outageOf(error);
  return problem(
    'outside_unavailable',
    `The cluster ${cluster} ${outage.words}.`,
    outage.isTransient
      ? tryLater
      : 'Tell the platform team: the connection to this cluster must be repaired.',
    { detail, isTransient: outage.isTransient },
  );
}

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function refusal(error: StatusError, cluster: string, about: string, whose: 'us' | 'person'): Problem {
  const { code, status } = error;
  const said = sentenceOf(status.message);
  const detail = `${about}: ${error.message}`.slice(0, 1000);
  const after = error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs };

  // 500, but not a bad moment: the object has a field that its kind does not (recorded on 1.32 and 1.36).
  if (code === 500 && /failed to create typed patch object/.test(status.message)) {
    const cause = /[^:]+: field not declared in schema/.exec(status.message)?.[0]?.trim() ?? status.message;
    const sentence = `The cluster ${cluster} refused ${about}: ${sentenceOf(cause)}`;
    return problem('outside_refused', sentence, tellOperator, { detail });
  }
  if (code === 429) {
    const sentence = `The cluster ${cluster} is asked for too much at the moment.`;
    return problem('outside_unavailable', sentence, tryLater, { ...after, detail, isTransient: true });
  }
  if (code >= 500 || code === 410) {
    const sentence = `The cluster ${cluster} has trouble of its own (${code}).`;
    return problem('outside_unavailable', sentence, tryLater, { ...after, detail, isTransient: true });
  }
  switch (code) {
    case 401:
      return problem(
        'outside_refused',
        `The cluster ${cluster} does not accept Greenlight's credentials: they are wrong or have ended.`,
        'Tell the platform team to renew them.',
        { detail },
      );
    case 403:
      return forbidden(status, cluster, about, detail, said, whose);
    case 404:
      return problem(
        'not_found',
        `The cluster ${cluster} cannot find what ${about} needs: ${said}`,
        tellOperator,
        {
          detail,
        },
      );
    case 409:
      return conflict(status, cluster, about, detail, said);
    default:
      return problem('outside_refused', `The cluster ${cluster} refused ${about}: ${said}`, tellOperator, {
        detail,
      });
  }
}

function forbidden(
  status: Status,
  cluster: string,
  about: string,
  detail: string,
  said: string,
  whose: 'us' | 'person',
): Problem {
  if (status.details.causes.some((cause) => cause.reason === 'NamespaceTerminating')) {
    return problem(
      'conflict',
      `The namespace of ${about} in the cluster ${cluster} is still being deleted.`,
      'Wait until it is gone, or choose another name.',
      { detail, isTransient: true },
    );
  }
  // The one 403 that passes: a namespace's ServiceAccount "default" is made a moment after the namespace.
  if (/serviceaccount "?default"? not found/i.test(status.message)) {
    const sentence = `The cluster ${cluster} has not finished setting up the namespace of ${about}.`;
    return problem('outside_unavailable', sentence, tryLater, { detail, isTransient: true });
  }
  if (/status unknown for quota/.test(status.message)) {
    const sentence = `The cluster ${cluster} has not counted the quota for ${about} yet.`;
    return problem('outside_unavailable', sentence, tryLater, { detail, isTransient: true });
  }
  if (/exceeded quota/.test(status.message)) {
    const cause = sentenceOf(/exceeded quota.*/s.exec(status.message)?.[0] ?? status.message);
    const sentence = `The cluster ${cluster} refused ${about}: ${cause}`;
    return problem(
      'outside_refused',
      sentence,
      'Ask for less, or ask the platform team for a larger quota.',
      { detail },
    );
  }
  if (/violates PodSecurity/.test(status.message)) {
    const cause = sentenceOf(/violates PodSecurity.*/s.exec(status.message)?.[0] ?? status.message);
    const sentence = `The cluster ${cluster} refused ${about}: it ${cause}`;
    return problem(
      'outside_refused',
      sentence,
      'Change the workload so that it needs less, then ask again.',
      { detail },
    );
  }
  const right = /cannot (\w+) resource "([^"]+)"/.exec(status.message);
  // Acting in somebody's name is a right of ours, whoever was to be acted for.
  if (right && whose === 'person' && right[1] !== 'impersonate') {
    return problem(
      'outside_refused',
      `You have no right to ${right[1]} ${right[2]} in the cluster ${cluster}.`,
      'Ask whoever runs the cluster to give you the role "view" there.',
      { detail },
    );
  }
  if (right) {
    return problem(
      'outside_refused',
      `Greenlight has no right to ${right[1]} ${right[2]} in the cluster ${cluster}.`,
      'Tell the platform team: the rights it needs are listed in deploy/kubernetes-rbac.yml.',
      { detail },
    );
  }
  return problem('outside_refused', `The cluster ${cluster} refused ${about}: ${said}`, tellOperator, {
    detail,
  });
}

function conflict(status: Status, cluster: string, about: string, detail: string, said: string): Problem {
  const causes = status.details.causes.filter((cause) => cause.reason === 'FieldManagerConflict');
  if (causes.length > 0) {
    const managers = [
      ...new Set(causes.map((cause) => /conflict with "([^"]+)"/.exec(cause.message)?.[1] ?? 'somebody')),
    ];
    const fields = listOf(causes.map((cause) => cause.field.replace(/^\./, '')));
    return problem(
      'conflict',
      `${about} in the cluster ${cluster} is also managed by ${listOf(managers)}, who set ${fields} to something else.`,
      `Agree with whoever runs ${listOf(managers)} who is to manage it, or choose another name.`,
      { detail },
    );
  }
  if (/being deleted/.test(status.message)) {
    return problem(
      'conflict',
      `${about} in the cluster ${cluster} is still being deleted.`,
      'Wait until it is gone, or choose another name.',
      { detail, isTransient: true },
    );
  }
  return problem(
    'conflict',
    `${about} in the cluster ${cluster} has changed meanwhile: ${said}`,
    'Look at it again.',
    {
      detail,
    },
  );
}

/** The server's message as the end of a sentence, at most 300 characters. */
function sentenceOf(message: string): string {
  const text = message.trim().replace(/\s+/g, ' ').replace(/\.$/, '') || 'it gave no reason';
  return text.length > 300 ? `${text.slice(0, 299)}…` : `${text}.`;
}
