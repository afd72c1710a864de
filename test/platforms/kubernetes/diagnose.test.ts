import { describe, expect, it } from 'vitest';
import { diagnose, type Evidence } from '../../../src/platforms/kubernetes/diagnose.ts';
import { deployment, ended, healthy, now, pod, replicaSet, running, warning } from './objects.ts';

const look = (evidence: Partial<Evidence>) =>
  diagnose({
    deployment: deployment(),
    replicaSets: [replicaSet(1)],
    pods: [],
    events: [],
    now,
    ...evidence,
  });

const unready = { status: { readyReplicas: 1, availableReplicas: 1 } };

describe('a Deployment that is well', () => {
  it('is settled, without a trouble', () => {
    expect(look({ pods: [pod(healthy), pod(healthy, { name: 'b' })] })).toEqual({
      version: '1.0.0',
      image: 'registry.example/search:1.0.0',
      wanted: 2,
      ready: 2,
      restarts: 0,
      isSettled: true,
      troubles: [],
      mayRecover: true,
    });
  });

  it('scaled to zero is settled', () => {
    expect(look({ deployment: deployment({ replicas: 0 }) })).toMatchObject({ isSettled: true, wanted: 0 });
  });
});

describe('the version', () => {
  it.each([
    ['the label', { labels: { 'app.kubernetes.io/version': '1.4.2' } }, '1.4.2'],
    ['the template label', { templateLabels: { 'app.kubernetes.io/version': '1.4.3' } }, '1.4.3'],
    ['the tag behind a port', { image: 'registry.example:5000/search:1.4.4' }, '1.4.4'],
    ['the tag before a digest', { image: `registry.example/search:1.4.5@sha256:${'a'.repeat(64)}` }, '1.4.5'],
    [
      'a digest without a tag',
      { image: `registry.example/search@sha256:${'ab'.repeat(32)}` },
      'sha256:abababababab',
    ],
    ['no tag at all', { image: 'registry.example:5000/search' }, 'unknown'],
  ])('is read from %s', (_, words, version) => {
    expect(look({ deployment: deployment(words) }).version).toBe(version);
  });
});

describe('each cause is its own story', () => {
  it('a crash loop says the exit code and never the last words of the container', () => {
    const crash = pod({
      restartCount: 1,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: ended(1),
    });
    const seen = look({ deployment: deployment(unready), pods: [crash] });
    expect(seen.troubles).toEqual(['CrashLoopBackOff: the container search exits with code 1']);
    expect(seen).toMatchObject({ restarts: 1, mayRecover: true });
  });

  it('a third restart makes a crash hopeless', () => {
    const crash = pod({
      restartCount: 3,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: ended(127),
    });
    const seen = look({ deployment: deployment(unready), pods: [crash] });
    expect(seen.troubles[0]).toBe(
      'CrashLoopBackOff: the container search exits with code 127 (its command is not there)',
    );
    expect(seen.mayRecover).toBe(false);
  });

  it('a failing liveness probe is named as what ended the container', () => {
    const crash = pod({ restartCount: 1, ready: false, state: running, lastState: ended(137) });
    const events = [warning('Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500')];
    expect(look({ deployment: deployment(unready), pods: [crash], events }).troubles).toEqual([
      'Crashed: the container search exits with code 137 (killed), after its liveness probe failed: HTTP probe failed with statuscode: 500',
    ]);
  });

  it('a container killed for its memory names its limit', () => {
    const state = { waiting: { reason: 'CrashLoopBackOff' } };
    const killed = pod({ restartCount: 5, state, lastState: ended(137, 'OOMKilled') }, { limit: '256Mi' });
    const seen = look({ deployment: deployment(unready), pods: [killed] });
    expect(seen.troubles).toEqual([
      'OOMKilled: the container search was killed because it needs more memory than its limit of 256Mi',
    ]);
    expect(seen.mayRecover).toBe(false);
  });

  it.each([
    ['Back-off pulling image "x": ErrImagePull: rpc error: not found', [], false],
    ['Back-off pulling image "x"', ['Failed to pull image "x": not found'], false],
    ['Back-off pulling image "x"', ['Failed to pull image "x": dial tcp: i/o timeout'], true],
    ['Back-off pulling image "x"', [], true],
  ])('an image that cannot be pulled (%s, %j) may recover: %s', (message, failures, mayRecover) => {
    const waiting = pod(
      { state: { waiting: { reason: 'ImagePullBackOff', message } } },
      { status: { phase: 'Pending' } },
    );
    const events = failures.map((failure) => warning('Failed', failure));
    const seen = look({ deployment: deployment(unready), pods: [waiting], events });
    expect(seen.troubles[0]).toMatch(
      /^ImagePullBackOff: the image registry\.example\/search:1\.0\.0 cannot be pulled/,
    );
    expect(seen.mayRecover).toBe(mayRecover);
  });

  it('an unready container passes on what its probe says', () => {
    const events = [
      warning('Unhealthy', 'Readiness probe failed: connection refused', { at: '2026-11-21T02:50:00Z' }),
      warning('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503'),
    ];
    const seen = look({
      deployment: deployment(unready),
      pods: [pod({ ready: false, state: running })],
      events,
    });
    expect(seen.troubles).toEqual([
      'Not ready: the container search fails: readiness probe failed: HTTP probe failed with statuscode: 503',
    ]);
    expect(seen.mayRecover).toBe(true);
  });

  it('a Pod without a node passes on what the scheduler says', () => {
    const message = '0/2 nodes are available: 2 Insufficient cpu.';
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
    const waiting = pod({}, { status: { phase: 'Pending', conditions, containerStatuses: [] } });
    expect(look({ deployment: deployment(unready), pods: [waiting] }).troubles).toEqual([
      `Unschedulable: no node takes the Pod: ${message}`,
    ]);
  });

  it('a missing Secret is named, and may still be made', () => {
    const state = { waiting: { reason: 'CreateContainerConfigError', message: 'secret "db" not found' } };
    expect(look({ deployment: deployment(unready), pods: [pod({ state })] })).toMatchObject({
      troubles: ['CreateContainerConfigError: the container search cannot be started: secret "db" not found'],
      mayRecover: true,
    });
  });

  it('a volume that cannot be mounted is told while the container is being created', () => {
    const state = { waiting: { reason: 'ContainerCreating' } };
    const events = [
      warning('FailedMount', 'MountVolume.SetUp failed for volume "tls" : secret "tls" not found'),
    ];
    const waiting = pod({ state }, { status: { phase: 'Pending' } });
    expect(look({ deployment: deployment(unready), pods: [waiting], events }).troubles[0]).toMatch(
      /^FailedMount: /,
    );
  });

  it('a Pod on a node that fell silent is not called ready', () => {
    const conditions = [
      {
        type: 'Ready',
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
      },
    ];
    const lost = pod(healthy, { status: { conditions } });
    expect(look({ deployment: deployment(unready), pods: [lost] }).troubles).toEqual([
      'Not ready: Kubelet stopped posting node status.',
    ]);
  });

  it('a Pod that is merely starting is no trouble', () => {
    const starting = pod(
      { state: { waiting: { reason: 'ContainerCreating' } } },
      { status: { phase: 'Pending' } },
    );
    expect(look({ deployment: deployment(unready), pods: [starting] }).troubles).toEqual([]);
  });

  it('a crash loop caught between two crashes is not called well', () => {
    const caught = pod({ ready: true, restartCount: 9, state: running, lastState: ended(1) });
    expect(look({ pods: [caught] }).troubles).toEqual([
      'Restarted: the container search ended with code 1, within the last 10 minutes, and runs again',
    ]);
  });

  it('a restart of long ago is only counted', () => {
    const lastState = ended(1, 'Error', '2026-11-20T03:00:00Z');
    const seen = look({ pods: [pod({ ready: true, restartCount: 9, state: running, lastState })] });
    expect(seen).toMatchObject({ troubles: [], restarts: 9 });
  });

  it('a Pod that is being removed troubles nobody', () => {
    const crash = {
      restartCount: 3,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: ended(1),
    };
    const leaving = pod(crash, { metadata: { deletionTimestamp: '2026-11-21T02:59:00Z' } });
    expect(look({ pods: [leaving] })).toMatchObject({ troubles: [], restarts: 0 });
  });
});

describe('a stall that no Pod shows', () => {
  const message =
    'pods "search-2-x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2';
  const told =
    'FailedCreate: Pods cannot be created: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2';
  const stalled = { updatedReplicas: 0, replicas: 2 };
  const sets = [replicaSet(1, 2), replicaSet(2, 1, { replicas: 0 })];

  it('is told from the ReplicaFailure condition', () => {
    const conditions = [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }];
    const seen = look({
      deployment: deployment({ status: stalled, conditions }),
      replicaSets: sets,
      pods: [pod(healthy)],
    });
    expect(seen).toMatchObject({ troubles: [told], isSettled: false });
  });

  it('is told from the newest ReplicaSet’s events when there is no condition yet', () => {
    const about = { kind: 'ReplicaSet', name: 'search-2' };
    const events = [
      warning('FailedCreate', `(combined from similar events): Error creating: ${message}`, about),
    ];
    expect(look({ deployment: deployment({ status: stalled }), replicaSets: sets, events }).troubles).toEqual(
      [told],
    );
  });

  it('events of a refusal that has passed are not told', () => {
    const events = [
      warning('FailedCreate', `Error creating: ${message}`, { kind: 'ReplicaSet', name: 'search-1' }),
    ];
    expect(look({ deployment: deployment(unready), events }).troubles).toEqual([]);
  });

  const recovers = (replicas: number, pods: Evidence['pods'], words = message) =>
    look({
      deployment: deployment({
        replicas,
        status: { updatedReplicas: 0 },
        conditions: [{ type: 'ReplicaFailure', status: 'True', message: words }],
      }),
      replicaSets: sets,
      pods,
    }).mayRecover;

  it('ends by itself where old Pods go first, and not where they must stay until new ones are there', () => {
    expect(recovers(4, [pod(healthy)])).toBe(true);
    expect(recovers(3, [pod(healthy)])).toBe(false);
    expect(recovers(3, [])).toBe(false);
  });

  it('ends by itself when a Pod is just leaving', () => {
    expect(recovers(3, [pod(healthy, { metadata: { deletionTimestamp: '2026-11-21T02:59:00Z' } })])).toBe(
      true,
    );
  });

  it('what security rules refuse stays refused; a ServiceAccount that is still to come does not', () => {
    expect(
      recovers(4, [pod(healthy)], 'pods "x" is forbidden: violates PodSecurity "restricted:latest": …'),
    ).toBe(false);
    expect(
      recovers(
        4,
        [],
        'pods "x" is forbidden: error looking up service account a/default: serviceaccount "default" not found',
      ),
    ).toBe(true);
    expect(recovers(4, [], 'pods "x" is forbidden: status unknown for quota: q, resources: pods')).toBe(true);
  });
});

describe('a rollout', () => {
  const crash = { restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: ended(1) };
  const sets = [replicaSet(1), replicaSet(2)];

  it('is judged by the newest Pods, while health is that of all', () => {
    const pods = [
      pod(crash, { name: 'old', revision: 1 }),
      pod({ state: running }, { name: 'new', revision: 2 }),
    ];
    const seen = look({ deployment: deployment({ status: { readyReplicas: 0 } }), replicaSets: sets, pods });
    expect(seen.troubles).toHaveLength(2);
    expect(seen.mayRecover).toBe(true);
  });

  it('is hopeless when its newest Pods are', () => {
    const pods = [pod(healthy, { name: 'old', revision: 1 }), pod(crash, { name: 'new', revision: 2 })];
    expect(look({ deployment: deployment(unready), replicaSets: sets, pods }).mayRecover).toBe(false);
  });

  it('that the controller has not seen yet is not judged by what was before', () => {
    const old = {
      conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
    };
    const seen = look({ deployment: deployment({ generation: 2, ...old }), pods: [pod(crash)] });
    expect(seen).toMatchObject({ isSettled: false, mayRecover: true });
  });

  it('past its deadline is hopeless and says how long it was', () => {
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
    const seen = look({ deployment: deployment({ status: { updatedReplicas: 1 }, conditions }) });
    expect(seen.troubles).toEqual(['ProgressDeadlineExceeded: the rollout made no progress for 600 s']);
    expect(seen.mayRecover).toBe(false);
  });

  it('that somebody paused says so', () => {
    const seen = look({ deployment: deployment({ spec: { paused: true }, status: { updatedReplicas: 0 } }) });
    expect(seen.troubles).toEqual(['Paused: somebody paused the rollout']);
  });

  it('with an old Pod still there is not settled', () => {
    expect(look({ deployment: deployment({ status: { replicas: 3 } }) }).isSettled).toBe(false);
  });
});

it('the worst trouble comes first, and the same words about several Pods are one line', () => {
  const crash = { restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: ended(1) };
  const pods = [
    pod({ ready: false, state: running }, { name: 'c' }),
    pod(crash, { name: 'a' }),
    pod(crash, { name: 'b' }),
  ];
  expect(look({ deployment: deployment({ status: { readyReplicas: 0 } }), pods }).troubles).toEqual([
    'CrashLoopBackOff: the container search exits with code 1 (2 Pods)',
    'Not ready: the container search runs, but has not passed its readiness probe',
  ]);
});
