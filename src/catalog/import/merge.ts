/**
 * What was found, written into the catalog's file: what people wrote there stays as it is, comments included; only what
 * is missing is added. The same import again changes nothing.
 */
import { isMap, parseDocument } from 'yaml';
import type { Found, FoundService, LeftOut } from './found.ts';

export interface Merged {
  /** The whole file. */
  readonly text: string;
  /** `service payments`, `group team-a`: new in the catalog. */
  readonly added: readonly string[];
  /** `service payments: description, environment staging`: what an entry did not say yet. */
  readonly completed: readonly string[];
  readonly left: readonly LeftOut[];
}

/** Parts of a service that an import may complete; owners, repository and the way to deploy are people's to change. */
const completes = ['description', 'lifecycle', 'tags', 'dependsOn', 'links'] as const;

/** @throws Error when the text is no YAML map: the catalog in force is one. */
export function mergeIntoCatalog(text: string, found: Found): Merged {
  const document = parseDocument(text);
  if (!isMap(document.contents)) throw new Error('the catalog is not a map');
  const added: string[] = [];
  const completed: string[] = [];
  const left = [...found.left];

  for (const [name, group] of Object.entries(found.groups)) {
    if (document.hasIn(['groups', name])) continue;
    if (group.members.length === 0) {
      left.push({ what: `group ${name}`, why: 'it has no member with an e-mail address' });
      continue;
    }
    document.setIn(['groups', name], document.createNode(group));
    added.push(`group ${name}`);
  }
  for (const [name, service] of Object.entries(found.services)) {
    if (document.hasIn(['services', name])) {
      const parts = complete(document, name, service);
      if (parts.length > 0) completed.push(`service ${name}: ${parts.join(', ')}`);
      continue;
    }
    const stranger = service.owners.find((owner) => !document.hasIn(['groups', owner]));
    if (stranger !== undefined || service.owners.length === 0) {
      left.push({
        what: `service ${name}`,
        why: `the catalog has no group "${stranger ?? ''}" that owns it`,
      });
      continue;
    }
    document.setIn(['services', name], document.createNode(service));
    added.push(`service ${name}`);
  }
  const isSame = added.length === 0 && completed.length === 0;
  return { text: isSame ? text : document.toString({ lineWidth: 120 }), added, completed, left };
}

function complete(document: ReturnType<typeof parseDocument>, name: string, service: FoundService): string[] {
  const parts: string[] = [];
  const add = (path: readonly string[], value: unknown, what: string) => {
    const whole = ['services', name, ...path];
    if (value === undefined || document.hasIn(whole)) return;
    document.setIn(whole, document.createNode(value));
    parts.push(what);
  };
  for (const part of completes) add([part], service[part], part);
  for (const [environment, place] of Object.entries(service.environments)) {
    add(['environments', environment], place, `environment ${environment}`);
  }
  return parts;
}
