/** What the cluster itself says a person may read: asked in their name, remembered for a minute. */
import { z } from 'zod';
import type { Viewer } from '../../core/cluster-view.ts';
import { minuteMs } from '../../core/duration.ts';
import type { Moment } from '../../core/ids.ts';
import type { Clock } from '../../core/ports.ts';
import { ProblemError, problem } from '../../core/problem.ts';
import { createGate } from '../../gate.ts';
import type { Identity, Transport } from './transport.ts';

/** One right to read. */
export interface Right {
  readonly verb: 'get' | 'list';
  readonly group: '' | 'apps';
  /** `pods`, or `pods/log`. */
  readonly resource: string;
}

export interface Access {
  /** Without a namespace: in all of them. @throws ProblemError when the cluster does not say. */
  may(identity: Identity, right: Right, namespace: string | undefined): Promise<boolean>;
}

/** A right that was taken away shows something for so long at most. */
const rememberedMs = minuteMs;
const rememberedMax = 10_000;
/** Reviews at once: somebody with many services must not be a burst for the cluster. */
const atOnceMax = 6;

const reviewSchema = z.object({ status: z.object({ allowed: z.boolean().default(false) }) });

export function createAccess(transport: Transport, clock: Clock): Access {
  const remembered = new Map<string, { readonly at: Moment; readonly answer: Promise<boolean> }>();
  const gate = createGate(atOnceMax);

  function may(identity: Identity, right: Right, namespace: string | undefined): Promise<boolean> {
    const key = JSON.stringify([identity, right, namespace]);
    const before = remembered.get(key);
    if (before && clock.now() - before.at < rememberedMs) return before.answer;
    const answer = gate(() => review(transport, identity, right, namespace));
    remembered.delete(key);
    remembered.set(key, { at: clock.now(), answer });
    // A review that failed is no answer: the next one asks again.
    answer.catch(() => remembered.delete(key));
    const [oldest] = remembered.keys();
    if (remembered.size > rememberedMax && oldest !== undefined) remembered.delete(oldest);
    return answer;
  }

  return { may };
}

async function review(
  transport: Transport,
  as: Identity,
  { verb, group, resource }: Right,
  namespace: string | undefined,
): Promise<boolean> {
  const [plural = '', subresource] = resource.split('/');
  const answer = await transport.call({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    as,
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: {
        resourceAttributes: {
          verb,
          group,
          resource: plural,
          ...(subresource === undefined ? {} : { subresource }),
          ...(namespace === undefined ? {} : { namespace }),
        },
      },
    },
  });
  return reviewSchema.parse(answer).status.allowed;
}

// An address that is one: a cluster's own names ("system:admin") have no @, and nothing else may become a header.
const emailPattern = /^[^\s@:,"<>]{1,64}@[a-z0-9.-]{1,190}$/;

/** @throws ProblemError for somebody whom the cluster cannot know. */
export function identityOf(viewer: Viewer & { kind: 'person' }, cluster: string): Identity {
  const { email = '', groups } = viewer;
  if (emailPattern.test(email) && /^[\x21-\x7e]+$/.test(email)) return { user: email, groups };
  throw new ProblemError(
    problem(
      'membership_unknown',
      `The cluster ${cluster} shows people what they may see themselves, and knows them by an e-mail address; yours is not known.`,
      'Ask an administrator of the workspace to add your address to your profile.',
    ),
  );
}

export function missing(
  { verb, resource }: Right,
  namespace: string | undefined,
  cluster: string,
): ProblemError {
  const where = namespace === undefined ? 'everywhere in' : `in the namespace ${namespace} of`;
  return new ProblemError(
    problem(
      'outside_refused',
      `You have no right to ${verb} ${resource} ${where} the cluster ${cluster}.`,
      'Ask whoever runs the cluster to give you the role "view" there.',
    ),
  );
}
