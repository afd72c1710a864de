/** Takes out of an answer what differs from run to run, as the README of the recordings describes it. */

export type Normaliser = (value: unknown, keepsManagedFields: boolean) => unknown;

const letters = 'bcdfghjklmnpqrstvwxz2456789';
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const moment = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

type Tree = Record<string, unknown>;

/** One per scenario: hashes are numbered in order of appearance there. */
export function createNormaliser(): Normaliser {
  const hashes = new Map<string, string>();
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (isTree(value)) {
      const hash = value['pod-template-hash'];
      if (typeof hash === 'string' && !hashes.has(hash)) hashes.set(hash, `<hash:${hashes.size + 1}>`);
      Object.values(value).forEach(collect);
    } else if (typeof value === 'string') {
      // Before any label was seen, a condition or an event may name the ReplicaSet.
      const hash = /[Rr]eplica ?[Ss]et "?[\w-]+-([bcdfghjklmnpqrstvwxz2456789]{8,10})\b/.exec(value)?.[1];
      if (hash !== undefined && !hashes.has(hash)) hashes.set(hash, `<hash:${hashes.size + 1}>`);
    }
  };
  return (value, keepsManagedFields) => {
    collect(value);
    const text = (input: string) => {
      let out = input.replaceAll(uuid, '<uid>').replaceAll(moment, '<time>');
      for (const [hash, name] of hashes) out = out.replaceAll(hash, name);
      return out
        .replaceAll(
          new RegExp(`(<hash:\\d+>|kube-api-access)-[${letters}]{5}(?![a-z0-9])`, 'g'),
          '$1-<suffix>',
        )
        .replaceAll(/resource version: \d+( \(\d+\))?/g, (found) => found.replaceAll(/\d+/g, '<rv>'))
        .replaceAll(/, current: \d+/g, ', current: <rv>')
        .replaceAll(/ResourceVersion in (the precondition|record) \(\d+\)/g, 'ResourceVersion in $1 (<rv>)')
        .replaceAll(/\bnode-[ab]\b/g, '<node>')
        .replaceAll(/10\.96\.\d+\.\d+/g, '<cluster-ip>')
        .replaceAll(/in scheme "[^"]*"/g, 'in scheme "<scheme>"')
        .replaceAll(/\\"resourceVersion\\":\\"\d+\\"/g, '\\"resourceVersion\\":\\"<rv>\\"')
        .replaceAll(/"resourceVersion":"\d+"/g, '"resourceVersion":"<rv>"');
    };
    return walk(value, '', text, keepsManagedFields);
  };
}

function walk(value: unknown, key: string, text: (input: string) => string, keeps: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => walk(item, key, text, keeps));
  if (isTree(value)) return object(value, text, keeps);
  const named = byKey[key];
  if (named && value !== '' && value !== 'None' && value !== null) return named;
  return typeof value === 'string' ? text(value) : value;
}

const byKey: Record<string, string> = {
  resourceVersion: '<rv>',
  continue: '<continue>',
  storageVersionHash: '<hash>',
  podIP: '<pod-ip>',
  hostIP: '<host-ip>',
  clusterIP: '<cluster-ip>',
  clusterIPs: '<cluster-ip>',
  nodePort: '<node-port>',
  containerID: '<container-id>',
  nodeName: '<node>',
  host: '<node>',
  zone: '<zone>',
  token: '<token>',
  count: '<count>',
  serverAddress: '<host-ip>',
  gitCommit: '<gitCommit>',
  buildDate: '<buildDate>',
  goVersion: '<goVersion>',
  compiler: '<compiler>',
  platform: '<platform>',
  'ca.crt': '<pem>',
};

function object(value: Tree, text: (input: string) => string, keeps: boolean): Tree {
  const out: Tree = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === 'managedFields' && !keeps) continue;
    out[key] = walk(item, key, text, keeps);
  }
  const generateName = typeof value.generateName === 'string' ? value.generateName : undefined;
  if (generateName !== undefined && typeof value.name === 'string')
    out.name = `${text(generateName)}<suffix>`;
  if (value.kind === 'Table') ages(out);
  if (value.reason !== undefined && isTree(out.metadata) && value.involvedObject !== undefined) {
    out.metadata.name = String(out.metadata.name).replace(/\.[0-9a-f]{14,}$/, '.<hex>');
  }
  if (value.kind === 'PartialObjectMetadata' && isTree(out.metadata)) {
    out.metadata.name = String(out.metadata.name).replace(/\.[0-9a-f]{14,}$/, '.<hex>');
  }
  for (const list of ['podIPs', 'hostIPs']) {
    if (Array.isArray(value[list]))
      out[list] = (value[list] as unknown[]).map(() => ({ ip: byKey[list.slice(0, -1)] }));
  }
  if (isTree(value.targetRef) && typeof value.ip === 'string') out.ip = '<pod-ip>';
  if (isTree(value.targetRef) && Array.isArray(value.addresses)) out.addresses = ['<pod-ip>'];
  if (isTree(out.targetRef)) {
    out.targetRef.name = String(out.targetRef.name).replace(/(<hash:\d+>)-\w{5}$/, '$1-<suffix>');
  }
  return out;
}

/** Cells of columns that show how long ago something was. */
function ages(table: Tree): void {
  const columns = (table.columnDefinitions ?? []) as { name: string }[];
  const rows = (table.rows ?? []) as { cells: unknown[] }[];
  columns.forEach((column, index) => {
    for (const row of rows) {
      const isAge = ['Age', 'Last Seen', 'First Seen', 'Duration'].includes(column.name);
      if (isAge && row.cells[index] !== '<unknown>') row.cells[index] = '<age>';
    }
  });
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
