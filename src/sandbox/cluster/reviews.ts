/** Resources that only answer: who am I, may I, whose token is this. Nothing of them is stored. */
import { audience } from './authn.ts';
import { type Action, decide, grants } from './authz.ts';
import { parseBody } from './decode.ts';
import { respond } from './encode.ts';
import type { Handling } from './handle.ts';
import { asJson, at, isObject } from './json.ts';
import type { Resource } from './registry.ts';
import type { ResourceRequest } from './request-info.ts';
import { methodNotAllowed, unknownResource } from './status.ts';
import type { Json, JsonObject, UserInfo } from './types.ts';
import { decodeObject, type WriteRequest } from './verbs/write.ts';
import { timestamp } from './world.ts';

export function answerReview(
  handling: Handling,
  resource: Resource,
  request: WriteRequest,
  info: ResourceRequest,
  method: string,
): Response {
  if (info.subresource !== undefined || info.name !== undefined) throw unknownResource();
  if (method !== 'POST') throw methodNotAllowed();
  const sent = asJson(decodeObject(request, parseBody(request.text, request.contentType, resource.kind)));
  const spec = isObject(sent.spec) ? sent.spec : {};
  const { world } = handling;
  const { user } = request;
  const answer = (status: JsonObject, shown: JsonObject | undefined = spec): Response =>
    respond(
      {
        kind: resource.kind,
        apiVersion: `${resource.group}/${resource.version}`,
        metadata: { creationTimestamp: null },
        ...(shown ? { spec: shown } : {}),
        status,
      },
      201,
      'json',
    );
  switch (resource.kind) {
    case 'SelfSubjectReview':
      return respond(
        {
          kind: resource.kind,
          apiVersion: `${resource.group}/${resource.version}`,
          metadata: { creationTimestamp: timestamp(world.clock.now()) },
          status: { userInfo: shownUser(user) },
        },
        201,
        'json',
      );
    case 'TokenReview': {
      const found = handling.tokens.find(String(spec.token ?? ''));
      if (!found) return answer({ user: {}, error: 'invalid bearer token' });
      return answer({ authenticated: true, user: shownUser(found), audiences: [audience] });
    }
    case 'SelfSubjectAccessReview':
      return answer(statusOf(decide(world, user, actionOf(spec))), spec);
    case 'SubjectAccessReview':
    case 'LocalSubjectAccessReview': {
      const asked: UserInfo = {
        username: String(spec.user ?? ''),
        groups: Array.isArray(spec.groups) ? spec.groups.map(String) : [],
      };
      return answer(statusOf(decide(world, asked, actionOf(spec))), spec);
    }
    case 'SelfSubjectRulesReview':
      return answer(rulesOf(handling, user, String(spec.namespace ?? '')), {});
    default:
      throw unknownResource();
  }
}

function shownUser(user: UserInfo): JsonObject {
  return {
    username: user.username,
    ...(user.uid ? { uid: user.uid } : {}),
    groups: [...user.groups],
    ...(user.extra ? { extra: { ...user.extra } } : {}),
  };
}

function statusOf({ allowed, reason }: { allowed: boolean; reason: string }): JsonObject {
  return { allowed, ...(reason ? { reason } : {}) };
}

function actionOf(spec: JsonObject): Action {
  const path = spec.nonResourceAttributes;
  if (isObject(path)) return { verb: String(path.verb ?? ''), path: String(path.path ?? '') };
  const text = (key: string) => String(at(spec, 'resourceAttributes', key) ?? '');
  const optional = (key: string) => (text(key) === '' ? {} : { [key]: text(key) });
  return {
    verb: text('verb'),
    group: text('group'),
    resource: text('resource'),
    ...optional('subresource'),
    ...optional('namespace'),
    ...optional('name'),
  };
}

function rulesOf(handling: Handling, user: UserInfo, namespace: string): JsonObject {
  const rules = [...grants(handling.world, user, namespace)].flatMap((grant) => [...grant.rules]);
  const resourceRules: Json[] = [];
  const nonResourceRules: Json[] = [];
  for (const rule of rules) {
    if (rule.nonResourceURLs)
      nonResourceRules.push({ verbs: rule.verbs, nonResourceURLs: rule.nonResourceURLs });
    else
      resourceRules.push({
        verbs: rule.verbs,
        apiGroups: rule.apiGroups ?? [],
        resources: rule.resources ?? [],
        ...(rule.resourceNames ? { resourceNames: rule.resourceNames } : {}),
      });
  }
  return { resourceRules, nonResourceRules, incomplete: false };
}
