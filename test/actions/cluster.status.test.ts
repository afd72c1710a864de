import { expect, test } from 'vitest';
import status from '../../src/actions/cluster.status.ts';
import { problemOfCall } from '../platforms/kubernetes/world.ts';
import { serviceWorld, someone } from './service-world.ts';

test('a cluster tells its nodes, how full they are, its version and what is not ready', async () => {
  const { answer } = await serviceWorld();
  const found = await answer(status, {});
  expect(found).toMatchObject({
    title: 'Cluster Sandbox',
    mood: 'good',
    sentence: 'Both nodes are well; 1 of 10 Pods is not ready.',
    footnote: 'As of now.',
  });
  expect(found.sections.map((part) => part.title)).toEqual(['All in all', 'Nodes', 'Not ready']);
  expect(found.sections[0]?.fields).toEqual([
    { label: 'Version', value: expect.stringMatching(/^v1\.32\.\d+; nodes v1\.32\.13$/) },
    { label: 'CPU asked for', value: '1.0 of 16 (6 %)' },
    { label: 'Memory asked for', value: '1.3 of 64 GiB (2 %)' },
    { label: 'Pods', value: '10, room for 220' },
  ]);
  expect(found.sections[1]?.lines[0]).toMatch(/^• node-a: CPU 0\.\d of 8/);
  expect(found.sections[2]?.lines).toEqual([
    '• search-staging: 1 Pod: CrashLoopBackOff: the container search exits with code 1',
  ]);
});

test('a node that is not ready, one under pressure and a full quota are named', async () => {
  const { answer, box } = await serviceWorld();
  box.control.setStatus(
    { apiVersion: 'v1', kind: 'Node', name: 'node-a' },
    {
      allocatable: { cpu: '8', memory: '32Gi', pods: '110' },
      conditions: [
        {
          type: 'Ready',
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
        },
        { type: 'MemoryPressure', status: 'True', reason: 'KubeletHasInsufficientMemory', message: '' },
      ],
      nodeInfo: { kubeletVersion: 'v1.31.0' },
    },
  );
  box.control.stallQuota('payments-staging');
  const found = await answer(status, { name: 'sandbox' });
  expect(found).toMatchObject({
    mood: 'bad',
    sentence: expect.stringMatching(/^Of 2 nodes, node-a is not well; /),
  });
  expect(found.sections[1]?.lines[0]).toMatch(
    /^• node-a: not ready: Kubelet stopped posting node status\. and memory pressure; /,
  );
  expect(found.sections.at(-1)).toMatchObject({
    title: 'Quotas nearly used up',
    lines: ['• payments-staging: sandbox-stall: pods 1 of 1 (100 %)'],
  });
});

test('whoever may not see the nodes is told which right is missing', async () => {
  const world = await serviceWorld();
  world.outside.cluster = world.impersonating();
  expect((await world.answer(status, {}, someone('Sam'))).mood).toBe('good');
  expect((await problemOfCall(world.answer(status, {}, someone('Dana')))).sentence).toBe(
    'You have no right to list nodes everywhere in the cluster sandbox.',
  );
});

test('a cluster that does not exist is refused with the nearest that does', async () => {
  const { catalog } = await serviceWorld();
  const known = { catalog, requesterGroups: [], environments: [], now: 0 };
  const target = status.target(status.input.parse({ name: 'sandbix' }), known as never);
  expect(target).toMatchObject({
    ok: false,
    problem: { sentence: 'There is no cluster "sandbix". Did you mean "sandbox"?' },
  });
});
