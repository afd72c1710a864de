/** The control calls over HTTP, below `/_sandbox/`, for scripts in any language. One POST per call, JSON in and out. */
import { z } from 'zod';
import type { ClusterControl } from './control.ts';
import { asJson } from './json.ts';
import { ApiError } from './status.ts';
import type { JsonObject } from './types.ts';
import { podFailures } from './world.ts';

const name = z.string().min(1).max(253);
const reference = z.strictObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  namespace: name.exactOptional(),
  name,
});
const workload = z.strictObject({ namespace: name, workload: name });

/** One entry per call: what it takes and what it does. */
const calls: Record<string, (control: ClusterControl, body: unknown) => JsonObject | undefined> = {
  workloads: (control) => ({ workloads: control.workloads().map(asJson) }),
  makeWell: (control, body) => {
    control.makeWell(z.strictObject({ namespace: name }).parse(body).namespace);
    return undefined;
  },
  setImage: (control, body) => {
    const input = z.strictObject({
      namespace: name,
      deployment: name,
      image: z.string().min(1),
      version: z.string().exactOptional(),
    });
    control.setImage(input.parse(body));
    return undefined;
  },
  failNext: (control, body) => {
    const input = workload.extend({ failure: z.enum(podFailures) }).parse(body);
    control.failNext(input.namespace, input.workload, input.failure);
    return undefined;
  },
  stopFailing: (control, body) => {
    const input = workload.parse(body);
    control.stopFailing(input.namespace, input.workload);
    return undefined;
  },
  operators: (control) => ({ kinds: control.operators().map(asJson) }),
  failNextResource: (control, body) => {
    const input = z.strictObject({
      kind: name,
      namespace: name.exactOptional(),
      name: name.exactOptional(),
      message: z.string().min(1).max(1_000).exactOptional(),
    });
    control.failNextResource(input.parse(body));
    return undefined;
  },
  mendResource: (control, body) => {
    control.mendResource(reference.parse(body));
    return undefined;
  },
  unschedulable: (control, body) => {
    const input = z.strictObject({ namespace: name, on: z.boolean() }).parse(body);
    control.unschedulable(input.namespace, input.on);
    return undefined;
  },
  stuckFinalizer: (control, body) => {
    const { finalizer, ...object } = reference.extend({ finalizer: z.string().optional() }).parse(body);
    control.stuckFinalizer(object, finalizer);
    return undefined;
  },
  removeFinalizer: (control, body) => {
    const { finalizer, ...object } = reference.extend({ finalizer: z.string().optional() }).parse(body);
    control.removeFinalizer(object, finalizer);
    return undefined;
  },
  setStatus: (control, body) => {
    const { status, ...object } = reference.extend({ status: z.record(z.string(), z.json()) }).parse(body);
    control.setStatus(object, status as JsonObject);
    return undefined;
  },
  stallQuota: (control, body) => {
    control.stallQuota(z.strictObject({ namespace: name }).parse(body).namespace);
    return undefined;
  },
  compact: (control) => {
    control.compact();
    return undefined;
  },
  restart: (control) => {
    control.restart();
    return undefined;
  },
  read: (control, body) => {
    const object = control.read(reference.parse(body));
    return object ? asJson(object) : undefined;
  },
};

export async function answerControl(control: ClusterControl, request: Request): Promise<Response> {
  const call = calls[new URL(request.url).pathname.slice('/_sandbox/'.length)];
  if (!call)
    return Response.json(
      { error: 'There is no such control call.', calls: Object.keys(calls) },
      { status: 404 },
    );
  if (request.method !== 'POST') return Response.json({ error: 'Control calls are POST.' }, { status: 405 });
  try {
    const text = await request.text();
    return Response.json(call(control, text === '' ? {} : (JSON.parse(text) as unknown)) ?? { ok: true });
  } catch (error) {
    if (error instanceof ApiError) return Response.json(error.body, { status: error.code });
    if (error instanceof z.ZodError || error instanceof SyntaxError)
      return Response.json({ error: error.message }, { status: 400 });
    throw error;
  }
}
