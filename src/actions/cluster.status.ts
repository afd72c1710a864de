/** `/svc cluster`: the ground that everything runs on: nodes, what is asked of them, quotas, Pods that are not ready. */
import { z } from 'zod';
import {
  type Answer,
  type AnswerSection,
  defineAction,
  type FieldMeta,
  type ReadAction,
} from '../core/action.ts';
import type { Catalog } from '../core/catalog.ts';
import type { ClusterOverview, NodeView, Share } from '../core/cluster-view.ts';
import { ok, problem, refuse } from '../core/problem.ts';
import { count, didYouMean, listOf } from '../core/text.ts';
import { footnoteOf, viewOf } from './service/freshness.ts';

const input = z.strictObject({
  name: z
    .string()
    .max(63)
    .optional()
    .meta({
      title: 'Cluster',
      description: 'The first one of the catalog when left empty.',
      placeholder: 'sandbox',
    } satisfies FieldMeta),
});
type Input = z.infer<typeof input>;

/** From this share of a quota on, the next rollout may not fit. */
const fullShare = 0.8;
const shownMax = 10;

const clusterStatus: ReadAction<typeof input> = {
  title: 'Status of a cluster',
  summary: 'See its nodes, how full it is, and which Pods are not ready.',
  effect: 'read',
  command: {
    slash: '/svc',
    verb: 'cluster',
    positional: [{ field: 'name' }],
    examples: ['/svc cluster', '/svc cluster sandbox'],
  },
  input,

  // Production runs on it among others.
  target(asked, { catalog }) {
    const name = nameOf(asked, catalog);
    if (catalog.clusters[name]) return ok({ kind: 'service', name, tier: 'production', team: '' });
    const sentence = `There is no cluster "${name}".${didYouMean(name, Object.keys(catalog.clusters))}`;
    return refuse(
      problem('bad_input', sentence, 'Choose one of the catalog.', { fields: { name: sentence } }),
    );
  },

  async answer(asked, context) {
    const name = nameOf(asked, context.catalog);
    const overview = await viewOf(name, context).overview();
    return {
      ...answerOf(context.catalog.clusters[name]?.title ?? name, overview),
      ...(await footnoteOf([name], context)),
    };
  },
};

export default defineAction(clusterStatus);

function nameOf({ name }: Input, catalog: Catalog): string {
  return name ?? Object.keys(catalog.clusters)[0] ?? '';
}

function answerOf(title: string, overview: ClusterOverview): Answer {
  const ill = overview.nodes.filter((node) => node.troubles.length > 0);
  const full = overview.quotas.filter((quota) => quota.share >= fullShare);
  const unready = overview.unready.reduce((sum, one) => sum + one.count, 0);
  return {
    title: `Cluster ${title}`,
    sentence: sentenceOf(overview, ill, unready),
    // Pods that are not ready are their services' affair; the ground that they stand on is well.
    mood: ill.length > 0 ? 'bad' : 'good',
    sections: [
      totals(overview),
      section('Nodes', overview.nodes.map(nodeLine), ill.length > 0 ? 'bad' : 'good'),
      section(
        'Not ready',
        overview.unready.map((one) => `• ${one.namespace}: ${count(one.count, 'Pod')}: ${one.trouble}`),
        'bad',
      ),
      section(
        'Quotas nearly used up',
        full.map(
          (one) => `• ${one.namespace}: ${one.what} ${one.used} of ${one.hard} (${percent(one.share)})`,
        ),
        'bad',
      ),
      section('Not seen', overview.notSeen, 'unknown'),
    ].flat(),
    links: [],
    next: [],
  };
}

function sentenceOf(overview: ClusterOverview, ill: readonly NodeView[], unready: number): string {
  const nodes =
    ill.length === 0
      ? nodesWell(overview.nodes.length)
      : `Of ${count(overview.nodes.length, 'node')}, ${listOf(ill.slice(0, 3).map((node) => node.name))} ${ill.length === 1 ? 'is' : 'are'} not well`;
  return `${nodes}; ${unready === 0 ? 'every Pod is ready' : `${unready} of ${count(overview.pods, 'Pod')} ${unready === 1 ? 'is' : 'are'} not ready`}.`;
}

function nodesWell(number: number): string {
  if (number === 0) return 'No node is seen';
  if (number === 1) return 'Its one node is well';
  return number === 2 ? 'Both nodes are well' : `All ${number} nodes are well`;
}

function totals({ nodes, version, quotas, pods }: ClusterOverview): AnswerSection {
  const sum = (part: (node: NodeView) => Share): Share =>
    nodes.reduce((all, node) => ({ used: all.used + part(node).used, of: all.of + part(node).of }), {
      used: 0,
      of: 0,
    });
  const versions = [...new Set(nodes.map((node) => node.version))];
  const [fullest] = quotas;
  return {
    title: 'All in all',
    fields: [
      { label: 'Version', value: `${version || 'not told'}; nodes ${listOf(versions)}` },
      { label: 'CPU asked for', value: cores(sum((node) => node.cpu)) },
      { label: 'Memory asked for', value: gibibytes(sum((node) => node.memory)) },
      { label: 'Pods', value: `${pods}, room for ${sum((node) => node.pods).of}` },
      ...(fullest
        ? [
            {
              label: 'Fullest quota',
              value: `${percent(fullest.share)}: ${fullest.what} in ${fullest.namespace}`,
            },
          ]
        : []),
    ],
    lines: [],
  };
}

function section(title: string, lines: readonly string[], mood: 'good' | 'bad' | 'unknown'): AnswerSection[] {
  if (lines.length === 0) return [];
  const left = lines.length - shownMax;
  const more = left > 0 ? [`and ${left} more`] : [];
  return [{ title, mood, fields: [], lines: [...lines.slice(0, shownMax), ...more] }];
}

function nodeLine({ name, troubles, cpu, memory, pods }: NodeView): string {
  const room = `CPU ${cores(cpu)}, memory ${gibibytes(memory)}, ${pods.used} of ${pods.of} Pods`;
  return `• ${name}: ${troubles.length === 0 ? '' : `${listOf(troubles)}; `}${room}`;
}

function cores({ used, of }: Share): string {
  return `${used.toFixed(1)} of ${of.toFixed(0)} (${percent(of === 0 ? 0 : used / of)})`;
}

function gibibytes({ used, of }: Share): string {
  return `${(used / 2 ** 30).toFixed(1)} of ${(of / 2 ** 30).toFixed(0)} GiB (${percent(of === 0 ? 0 : used / of)})`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
