import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminToken, startTestCluster, type TestCluster } from './support.ts';

const program = 'kubectl';
const isInstalled = spawnSync(program, ['version', '--client']).status === 0;
if (!isInstalled) console.info('kubectl is not installed: its tests did not run.');

describe.skipIf(!isInstalled)('kubectl', () => {
  let cluster: TestCluster;
  const folder = isInstalled ? mkdtempSync(join(tmpdir(), 'kubectl-')) : '';
  const run = async (...parameters: string[]) => {
    // kubectl sends no bearer token over plain HTTP; what stands in the address it does send.
    const server = cluster.box.url.replace('http://', `http://kubectl:${adminToken}@`);
    const options = ['--server', server, '--cache-dir', join(folder, 'cache')];
    const environment = { ...process.env, KUBECONFIG: join(folder, 'none') };
    const { stdout } = await promisify(execFile)(program, [...options, ...parameters], {
      env: environment,
    });
    return stdout;
  };
  const manifest = join(folder, 'web.yaml');
  const write = (image: string) =>
    writeFileSync(
      manifest,
      `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers: [{ name: main, image: '${image}' }]
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: default }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`,
    );

  beforeAll(async () => {
    cluster = await startTestCluster();
  });
  afterAll(async () => {
    await cluster.box.stop();
    rmSync(folder, { recursive: true });
  });

  test('get shows tables', async () => {
    const deployments = await run('get', 'deployments', '-A');
    expect(deployments).toMatch(/NAMESPACE\s+NAME\s+READY\s+UP-TO-DATE\s+AVAILABLE\s+AGE/);
    expect(deployments).toMatch(/payments-production\s+payments\s+3\/3\s+3\s+3\s+12d/);
    expect(await run('get', 'po', '-n', 'search-staging')).toMatch(/0\/1\s+CrashLoopBackOff/);
  });

  test('apply creates, says unchanged, and changes', async () => {
    write('registry.example/web:1');
    expect(await run('apply', '-f', manifest)).toBe('deployment.apps/web created\nservice/web created\n');
    expect(await run('apply', '-f', manifest)).toBe('deployment.apps/web unchanged\nservice/web unchanged\n');
    write('registry.example/web:2');
    expect(await run('apply', '-f', manifest)).toBe(
      'deployment.apps/web configured\nservice/web unchanged\n',
    );
  });

  test('server-side apply names the manager it conflicts with', async () => {
    write('registry.example/web:3');
    await expect(run('apply', '--server-side', '-f', manifest)).rejects.toThrow(
      /conflict with "kubectl-client-side-apply" using apps\/v1: \.spec\.template\.spec\.containers\[name="main"\]\.image/,
    );
  });

  test('describe, scale and delete work', async () => {
    await cluster.clock.advance(5_000);
    expect(await run('describe', 'deployment', 'web')).toContain('MinimumReplicasAvailable');
    expect(await run('scale', 'deployment', 'web', '--replicas=1')).toContain('deployment.apps/web scaled');
    expect(await run('delete', '-f', manifest, '--wait=false')).toContain('deployment.apps "web" deleted');
  });

  test('a typing error in a field is refused before it does anything', async () => {
    const file = join(folder, 'typo.yaml');
    writeFileSync(file, 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: typo }\ndatta: {}\n');
    await expect(run('create', '-f', file)).rejects.toThrow(/unknown field "datta"/);
  });
});
