/**
 * Which service an alert speaks of: by its labels, its namespaces and Pods, its links, and at last its words. The text
 * is somebody else's and only ever compared with the catalog: nothing of it is carried out. Pure.
 */
import type { Catalog } from './catalog.ts';

export interface MentionedService {
  readonly service: string;
  /** Where, when the text says so. */
  readonly environment?: string;
}

/** Longer than any alert: the rest is left out, so that no message can keep us busy. */
const charactersMax = 20_000;

/** Those that are spoken of most surely: one is the answer, several are a choice; none when nothing is known. */
export function mentionedServices(text: string, catalog: Catalog): readonly MentionedService[] {
  const read = decoded(text.slice(0, charactersMax));
  const index = indexOf(catalog);
  const labels = labelsOf(read);
  const words = wordsOf(read);
  const environmentIn = (service: string) => environmentOf(service, catalog, labels, words);
  for (const find of [byPlace, byLabel, byLink, byWord]) {
    const found = find(index, labels, words, read);
    if (found.length === 0) continue;
    const named = found.map(({ service, environment = environmentIn(service) }) =>
      environment === undefined ? { service } : { service, environment },
    );
    return distinct(named);
  }
  return [];
}

interface Index {
  readonly names: ReadonlySet<string>;
  /** Lower case. */
  readonly titles: ReadonlyMap<string, string>;
  /** Lower case, `owner/name`. Several services may share one. */
  readonly repositories: ReadonlyMap<string, readonly string[]>;
  readonly namespaces: ReadonlyMap<string, readonly (MentionedService & { readonly deployment: string })[]>;
}

type Labels = ReadonlyMap<string, readonly string[]>;
type Find = (
  index: Index,
  labels: Labels,
  words: readonly string[],
  text: string,
) => readonly MentionedService[];

/** A namespace of the catalog says service and environment at once; of several in it, a label or a Pod's name decides. */
const byPlace: Find = ({ namespaces, names }, labels) =>
  valuesOf(labels, namespaceLabels).flatMap((namespace) => {
    const there = namespaces.get(namespace) ?? [];
    const named = valuesOf(labels, serviceLabels).filter((name) => names.has(name));
    const pods = valuesOf(labels, podLabels);
    const chosen = there.filter(
      ({ service, deployment }) =>
        named.includes(service) || pods.some((pod) => pod === deployment || pod.startsWith(`${deployment}-`)),
    );
    return chosen.length > 0 ? chosen : there;
  });

const byLabel: Find = ({ names, titles }, labels) =>
  valuesOf(labels, serviceLabels).flatMap((value) => {
    const service = names.has(value) ? value : titles.get(value);
    return service === undefined ? [] : [{ service }];
  });

/** `https://github.com/acme/payments/…`, and whatever else has the repository in its path. */
const byLink: Find = ({ repositories }, _labels, _words, text) =>
  (text.match(/[\w./-]+/g) ?? []).flatMap((path) => {
    const parts = path.split('/');
    return parts.flatMap((owner, index) => {
      const name = (parts[index + 1] ?? '').replace(/\.git$/, '');
      return (repositories.get(`${owner}/${name}`) ?? []).map((service) => ({ service }));
    });
  });

/** Names of namespaces and services as words, then titles of up to four words. */
const byWord: Find = ({ names, titles, namespaces }, _labels, words) => {
  const places = words.flatMap((word) => namespaces.get(word) ?? []);
  if (places.length > 0) return places;
  const direct = words.filter((word) => names.has(word)).map((service) => ({ service }));
  if (direct.length > 0) return direct;
  return words.flatMap((_word, start) =>
    [1, 2, 3, 4].flatMap((length) => {
      const service = titles.get(words.slice(start, start + length).join(' '));
      return service === undefined ? [] : [{ service }];
    }),
  );
};

const serviceLabels = [
  'service', 'service_name', 'app', 'application', 'job', 'deployment', 'kube_deployment', 'container', 'component',
  'kube_service', 'app_kubernetes_io_name', 'label_app_kubernetes_io_name',
]; // biome-ignore format: a table of names
const namespaceLabels = ['namespace', 'kube_namespace', 'exported_namespace', 'destination_namespace'];
const podLabels = ['pod', 'pod_name', 'deployment', 'kube_deployment'];
const environmentLabels = ['environment', 'env', 'stage', 'tier', 'deployment_environment'];

/** In a web address `service%3Dpayments` is a label as well; what is not decodable stays as it is. */
function decoded(text: string): string {
  return text
    .replaceAll(/(?:%[0-9a-f]{2})+/gi, (part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    })
    .toLowerCase();
}

/** `service="payments"`, `service: payments`, `"service":"payments"`, `*Service:* payments`, `var-service=payments`. */
function labelsOf(text: string): Labels {
  const labels = new Map<string, string[]>();
  const form =
    /(?:^|[^\w.])(?:var-)?([a-z_][\w./-]{0,60}?)["'`*]{0,3}\s{0,2}(?:=~?|:)["'`*]{0,3}\s{0,2}["'`*]{0,3}([a-z0-9][\w.-]{0,100})(?![\w.-]|["'`*]{0,3}\s{0,2}[=:])/g;
  for (const [, key, value] of text.matchAll(form)) {
    const name = String(key).replaceAll(/[./-]/g, '_');
    labels.set(name, [...(labels.get(name) ?? []), String(value).replace(/[.-]+$/, '')]);
  }
  return labels;
}

function valuesOf(labels: Labels, names: readonly string[]): string[] {
  return [...new Set(names.flatMap((name) => labels.get(name) ?? []))];
}

function wordsOf(text: string): string[] {
  return text.match(/[a-z0-9][a-z0-9-]*/g) ?? [];
}

function indexOf({ services }: Catalog): Index {
  const namespaces = new Map<string, (MentionedService & { deployment: string })[]>();
  const repositories = new Map<string, string[]>();
  const titles = new Map<string, string>();
  for (const [service, { title, repository, environments }] of Object.entries(services)) {
    titles.set(title.toLowerCase(), service);
    const key = repository.toLowerCase();
    repositories.set(key, [...(repositories.get(key) ?? []), service]);
    for (const [environment, { namespace, deployment = service }] of Object.entries(environments)) {
      const there = namespaces.get(namespace) ?? [];
      namespaces.set(namespace, [...there, { service, environment, deployment }]);
    }
  }
  return { names: new Set(Object.keys(services)), titles, repositories, namespaces };
}

/** By a label, else by the only one of its environments that is a word of the text; `prod` is production. */
function environmentOf(
  service: string,
  { services }: Catalog,
  labels: Labels,
  words: readonly string[],
): string | undefined {
  const known = Object.keys({ ...services[service]?.environments });
  const meant = (said: readonly string[]) =>
    known.filter((name) => said.some((word) => word === name || shortForms[word] === name));
  const labelled = meant(valuesOf(labels, environmentLabels));
  const found = labelled.length > 0 ? labelled : meant(words);
  return found.length === 1 ? found[0] : undefined;
}

const shortForms: Readonly<Record<string, string>> = { prod: 'production', stg: 'staging', stage: 'staging' };

function distinct(found: readonly MentionedService[]): MentionedService[] {
  const seen = new Map<string, MentionedService>();
  for (const { service, environment } of found) {
    const key = `${service} ${environment ?? ''}`;
    seen.set(key, environment === undefined ? { service } : { service, environment });
  }
  return [...seen.values()];
}
