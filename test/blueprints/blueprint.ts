/** Short ways to blueprints of a test's own. */
import { type BlueprintContext, readBlueprint } from '../../src/blueprints/read-blueprint.ts';
import type { Blueprint } from '../../src/core/blueprint.ts';
import type { Read } from '../../src/documents/document.ts';
import { accepted } from '../approvals/shipped.ts';

const context: BlueprintContext = {
  outside: [
    { apiVersion: 'databases.acme.example/v1', kind: 'PostgresClaim', namespace: 'payments-staging' },
    { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass' },
  ],
  prices: ['cpuHour', 'memoryGiHour', 'storageGiHour', 'asleepShare'],
  neighbour: () => undefined,
};

/** `text` follows the title and the description. */
export function readText(text: string, more: Partial<BlueprintContext> = {}): Read<Blueprint> {
  const file = { file: 'own.yml', text: `title: Own\ndescription: One of a test.\n${text}` };
  return readBlueprint('own', file, { ...context, ...more });
}

/** One that must be right. */
export function blueprintOf(text: string, more: Partial<BlueprintContext> = {}): Blueprint {
  return accepted(readText(text, more));
}

/** A ConfigMap as the resource of this name. */
export function configMap(name: string, data = '{ a: b }', more = ''): string {
  return `  ${name}:
${more}    manifest:
      apiVersion: v1
      kind: ConfigMap
      metadata: { name: ${name.toLowerCase()} }
      data: ${data}
`;
}
