/** The rules for names, labels and the like, with the real server's explanations. */
import type { Fault } from '../status.ts';
import { invalidValue } from '../status.ts';

const subdomain = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  why: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  lengthMax: 253,
};
const label = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  why: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
  lengthMax: 63,
};
const label1035 = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  why: "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
  lengthMax: 63,
};

/** Kinds whose names are not subdomains. */
const nameRules: Record<string, typeof label | 'path'> = {
  Namespace: label,
  Service: label1035,
  Role: 'path',
  ClusterRole: 'path',
  RoleBinding: 'path',
  ClusterRoleBinding: 'path',
};

export function nameFaults(kind: string, name: string): Fault[] {
  const field = 'metadata.name';
  const rule = nameRules[kind] ?? subdomain;
  if (rule === 'path') {
    if (name === '.' || name === '..') return [invalidValue(field, name, `may not be '${name}'`)];
    return ['/', '%']
      .filter((char) => name.includes(char))
      .map((char) => invalidValue(field, name, `may not contain '${char}'`));
  }
  const faults: Fault[] = [];
  if (name.length > rule.lengthMax)
    faults.push(invalidValue(field, name, `must be no more than ${rule.lengthMax} characters`));
  if (rule === label && name.includes('.'))
    return [...faults, invalidValue(field, name, 'must not contain dots')];
  if (!rule.pattern.test(name)) faults.push(invalidValue(field, name, rule.why));
  return faults;
}

const qualifiedName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const namePartWhy =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelValueWhy =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

export function qualifiedNameFaults(key: string, field: string): Fault[] {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length > 2) {
    return [
      invalidValue(
        field,
        key,
        "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      ),
    ];
  }
  const faults: Fault[] = [];
  if (parts.length === 2 && !subdomain.pattern.test(parts[0] ?? ''))
    faults.push(invalidValue(field, key, `prefix part ${subdomain.why}`));
  if (name.length > 63) faults.push(invalidValue(field, key, 'name part must be no more than 63 characters'));
  if (!qualifiedName.test(name)) faults.push(invalidValue(field, key, namePartWhy));
  return faults;
}

export function labelFaults(labels: Record<string, string>, field: string): Fault[] {
  return Object.keys(labels)
    .sort()
    .reverse()
    .flatMap((key) => {
      const value = labels[key] ?? '';
      const faults = qualifiedNameFaults(key, field);
      if (value.length > 63) faults.push(invalidValue(field, value, 'must be no more than 63 characters'));
      if (value !== '' && !qualifiedName.test(value)) faults.push(invalidValue(field, value, labelValueWhy));
      return faults;
    });
}

/** Finalizers of Kubernetes itself, which need no domain. */
const standardFinalizers = new Set(['orphan', 'foregroundDeletion', 'kubernetes']);

/** @param isCustom custom resources may use finalizers without a domain; built-in kinds may not. */
export function finalizerFaults(finalizers: readonly string[], isCustom: boolean): Fault[] {
  return finalizers.flatMap((one, index) => {
    const field = `metadata.finalizers[${index}]`;
    const faults = qualifiedNameFaults(one, field);
    if (faults.length === 0 && !isCustom && !one.includes('/') && !standardFinalizers.has(one)) {
      faults.push(
        invalidValue(field, one, 'name is neither a standard finalizer name nor is it fully qualified'),
      );
    }
    return faults;
  });
}
