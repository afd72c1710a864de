/** What the settings connect to: reachable, with the rights that it takes, and with the same time as ours. */
import { join } from 'node:path';
import { readCatalog } from '../../catalog/read-catalog.ts';
import { createGithubClient } from '../../platforms/github/client.ts';
import { connectCluster } from '../../platforms/kubernetes/cluster.ts';
import { loadKubeconfig } from '../../platforms/kubernetes/kubeconfig.ts';
import { connectPrometheus } from '../../platforms/prometheus/connect.ts';
import type { RealConfig } from '../../settings/config.ts';
import { settingsOf } from '../../settings/real-settings.ts';
import { sourceAt } from '../policy/files.ts';
import { ask } from './ask.ts';
import { type Finding, failure, findings, well } from './finding.ts';
import { skewFinding } from './skew.ts';
import { checkSlack } from './slack.ts';

export async function checkOutside(config: RealConfig, now: () => number): Promise<readonly Finding[]> {
  const { github, prometheus } = settingsOf(config);
  const found = await Promise.all([
    findings('slack', () => checkSlack(config.slack, now)),
    findings('github', async () => {
      await createGithubClient({ ...github, now }).call('our credentials', 'GET /rate_limit', {});
      return [well('github', 'GitHub knows our credentials.')];
    }),
    findings('clock', async () => {
      const { at, askedAt } = await ask(`${config.github.apiUrl}/rate_limit`, 'GitHub', now);
      return at === undefined ? [] : [skewFinding('GitHub', at, askedAt)];
    }),
    findings('clusters', () => checkClusters(config)),
    findings('prometheus', async () => {
      if (!prometheus) return [];
      await connectPrometheus(prometheus).instant('vector(1)', now());
      return [well('prometheus', 'Prometheus answers.')];
    }),
    findings('vault', async () => (config.vault ? checkVault(config.vault, now) : [])),
  ]);
  return found.flat();
}

/** Each with a look that Greenlight does all day: whose Deployments there are. */
async function checkClusters(config: RealConfig): Promise<readonly Finding[]> {
  const catalog = readCatalog(await sourceAt(join(config.dataDir, 'catalog.yml')));
  // Its mistakes were told already.
  if (!catalog.ok) return [];
  const kubeconfig = loadKubeconfig(config.kubeconfig);
  const looks = Object.entries(catalog.value.clusters).map(([name, { context }]) =>
    findings(`cluster ${name}`, async () => {
      const cluster = connectCluster({ kubeconfig, context, name, fieldManager: 'greenlight' });
      try {
        await cluster.list({ apiVersion: 'apps/v1', kind: 'Deployment' });
        return [well(`cluster ${name}`, 'It answers, and lets us look.')];
      } finally {
        await cluster.close();
      }
    }),
  );
  return (await Promise.all(looks)).flat();
}

/** Its health is told to anybody; our token may do nothing but make links, and so cannot be tried without making one. */
async function checkVault(
  { url, certificateAuthority: ca }: NonNullable<RealConfig['vault']>,
  now: () => number,
): Promise<readonly Finding[]> {
  const health = new URL('v1/sys/health?standbyok=true', url.endsWith('/') ? url : `${url}/`);
  const { status } = await ask(health.href, 'Vault', now, ca === undefined ? {} : { ca });
  if (status === 200) return [well('vault', 'Vault answers, and is unsealed.')];
  const next = status === 503 ? 'Unseal it.' : 'Look at VAULT_ADDR, and at its log.';
  return [failure('vault', `Vault answers with status ${status}.`, next)];
}
