/** Where clusters are and how we sign in there: a kubeconfig, from a file or written out. */
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { ProblemError, problem } from '../../core/problem.ts';

/**
 * @param source a file's path, or `{ literal }` with the YAML itself.
 * @throws ProblemError `bad_input` when it cannot be read or names no cluster.
 */
export function loadKubeconfig(source: string | { readonly literal: string }): KubeConfig {
  const kubeconfig = new KubeConfig();
  try {
    if (typeof source === 'string') kubeconfig.loadFromFile(source);
    else kubeconfig.loadFromString(source.literal);
  } catch (error) {
    throw badKubeconfig('The kubeconfig cannot be read.', error);
  }
  if (!kubeconfig.clusters?.length || !kubeconfig.contexts?.length) {
    throw badKubeconfig('The kubeconfig names no cluster or no context.');
  }
  // client-node 2.0.1 refuses an http:// server unless TLS checks are off, though there is no TLS to check.
  kubeconfig.clusters = kubeconfig.clusters.map((cluster) =>
    cluster.server?.startsWith('http://') ? { ...cluster, skipTLSVerify: true } : cluster,
  );
  return kubeconfig;
}

/** The same kubeconfig, looking at one of its contexts. @throws ProblemError `bad_input` when it has none of that name. */
export function withContext(kubeconfig: KubeConfig, context: string): KubeConfig {
  const known = kubeconfig.contexts.map((one) => one.name);
  const found = kubeconfig.getContextObject(context);
  if (!found || !kubeconfig.getCluster(found.cluster)) {
    throw badKubeconfig(
      `The kubeconfig has no context "${context}" with a cluster; it has: ${known.join(', ')}.`,
    );
  }
  const own = new KubeConfig();
  own.loadFromOptions({
    clusters: kubeconfig.clusters,
    users: kubeconfig.users,
    contexts: kubeconfig.contexts,
    currentContext: context,
  });
  return own;
}

function badKubeconfig(sentence: string, error?: unknown): ProblemError {
  // A YAML error quotes the line it stumbled over, and a kubeconfig's lines hold credentials: only its name is kept.
  const detail =
    error instanceof Error ? `${error.name}${'code' in error ? ` ${String(error.code)}` : ''}` : undefined;
  return new ProblemError(
    problem(
      'bad_input',
      sentence,
      'Check the file that KUBECONFIG names.',
      detail === undefined ? {} : { detail },
    ),
  );
}
