/**
 * What developers claim and others provide: a PostgreSQL in the style of a Crossplane claim, under a group of Acme's
 * own, and a bucket as Rook and NooBaa give it (`objectbucket.io/v1alpha1`). Both leave their credentials in a Secret.
 */
import { createAsSystem, ownerOf } from '../controllers/tools.ts';
import { asJson, at } from '../json.ts';
import type { JsonObject, KubeObject } from '../types.ts';
import type { ClusterWorld } from '../world.ts';
import { conditionsOf, type Wanted } from './conditions.ts';
import { anything, conditionList, defineResource, open, shape, text, whole } from './definition.ts';
import type { Operator, Report } from './operator.ts';

export const databases: Operator = {
  name: 'Acme databases',
  storage: 'databases.acme.example/postgresclaims',
  manager: 'crossplane',
  finalizer: { name: 'finalizer.apiextensions.crossplane.io' },
  takesMs: 3_000,
  leavesMs: 2_000,
  trouble: 'cannot create the database: no storage class named "fast-ssd" in this zone',
  definition: defineResource({
    group: 'databases.acme.example',
    version: 'v1',
    kind: 'PostgresClaim',
    plural: 'postgresclaims',
    shortNames: ['pgc'],
    columns: {
      Synced: '.status.conditions[?(@.type=="Synced")].status',
      Ready: '.status.conditions[?(@.type=="Ready")].status',
      Host: '.status.host',
    },
    spec: shape(
      {
        version: { type: 'string', enum: ['16', '17', '18'], default: '17' },
        storageGi: { type: 'integer', minimum: 1, maximum: 500, default: 10 },
        writeConnectionSecretToRef: shape({ name: text }, 'name'),
        compositionRef: anything,
      },
      'writeConnectionSecretToRef',
    ),
    status: open({ conditions: conditionList, host: text, port: whole, connectionDetails: anything }),
  }),
  make(world, object) {
    const { name, namespace = '' } = object.metadata;
    const secret = String(at(asJson(object), 'spec', 'writeConnectionSecretToRef', 'name'));
    writeSecret(world, object, secret, 'connection.crossplane.io/v1alpha1', {
      host: hostOf(object),
      port: '5432',
      username: name.replaceAll('-', '_'),
      database: name.replaceAll('-', '_'),
      password: passwordFor(`${namespace}/${name}`),
    });
    return { state: 'done' };
  },
  // What it made belongs to it, and goes with it.
  takeAway: () => {},
  report(object, told) {
    const done = told.state === 'done';
    return {
      conditions: conditionsOf(object, told.now, claimConditions(told)),
      ...(done
        ? { host: hostOf(object), port: 5432, connectionDetails: { lastPublishedTime: told.now } }
        : {}),
    };
  },
};

export const buckets: Operator = {
  name: 'Object buckets',
  storage: 'objectbucket.io/objectbucketclaims',
  manager: 'rook-ceph-operator',
  finalizer: { name: 'objectbucket.io/finalizer' },
  takesMs: 1_500,
  leavesMs: 1_500,
  trouble: 'error provisioning bucket: quota of storage class "buckets" is used up',
  definition: defineResource({
    group: 'objectbucket.io',
    version: 'v1alpha1',
    kind: 'ObjectBucketClaim',
    plural: 'objectbucketclaims',
    shortNames: ['obc'],
    columns: { 'Storage-Class': '.spec.storageClassName', Phase: '.status.phase' },
    spec: open(
      { storageClassName: text, bucketName: text, generateBucketName: text, additionalConfig: anything },
      'storageClassName',
    ),
    status: open({ phase: text, message: text }),
  }),
  make(world, object) {
    const { name, namespace = '' } = object.metadata;
    writeSecret(world, object, name, 'Opaque', {
      AWS_ACCESS_KEY_ID: passwordFor(`${namespace}/${name}/id`).slice(0, 20).toUpperCase(),
      AWS_SECRET_ACCESS_KEY: passwordFor(`${namespace}/${name}`),
    });
    if (!world.store.get('/configmaps', namespace, name)) {
      createAsSystem(
        world,
        'v1',
        'ConfigMap',
        namespace,
        {
          metadata: { name, ownerReferences: [asJson(ownerOf(object))] },
          data: { BUCKET_HOST: 'buckets.acme.example', BUCKET_PORT: '443', BUCKET_NAME: bucketName(object) },
        },
        buckets.manager,
      );
    }
    return { state: 'done' };
  },
  takeAway: () => {},
  report(_, told): JsonObject {
    if (told.state === 'failed') return { phase: 'Failed', message: told.message };
    return { phase: told.state === 'done' ? 'Bound' : 'Pending' };
  },
};

function claimConditions(told: Report): Wanted[] {
  if (told.state === 'failed') {
    return [
      ['Synced', 'False', 'ReconcileError', told.message],
      ['Ready', 'False', 'Creating'],
    ];
  }
  return [
    ['Synced', 'True', 'ReconcileSuccess'],
    told.state === 'done'
      ? ['Ready', 'True', 'Available']
      : ['Ready', 'False', 'Waiting', 'Claim is waiting for composite resource to become Ready'],
  ];
}

function hostOf({ metadata }: KubeObject): string {
  return `${metadata.name}.${metadata.namespace}.postgres.acme.example`;
}

function bucketName(object: KubeObject): string {
  const spec = at(asJson(object), 'spec');
  const { namespace, name } = object.metadata;
  return String(at(spec, 'bucketName') ?? `${at(spec, 'generateBucketName') ?? name}-${namespace}`);
}

function writeSecret(
  world: ClusterWorld,
  owner: KubeObject,
  name: string,
  type: string,
  values: Record<string, string>,
): void {
  const { namespace } = owner.metadata;
  if (world.store.get('/secrets', namespace, name)) return;
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  createAsSystem(world, 'v1', 'Secret', namespace, {
    metadata: { name, ownerReferences: [asJson(ownerOf(owner))] },
    type,
    data,
  });
}

/** Made up, the same for the same object, and easy to find wherever it should not be. */
function passwordFor(of: string): string {
  return `sandbox-secret-${Buffer.from(of).toString('base64url')}`;
}
