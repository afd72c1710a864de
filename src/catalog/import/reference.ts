/** Backstage's references, `[kind:][namespace/]name`: what is left out depends on where they stand. Case does not count. */
export interface Reference {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export function parseRef(text: string, kind: string, namespace: string): Reference {
  const match = /^(?:([^:/]+):)?(?:([^/]+)\/)?(.*)$/u.exec(text.trim());
  return {
    kind: (match?.[1] ?? kind).toLowerCase(),
    namespace: match?.[2] ?? namespace,
    name: match?.[3] ?? '',
  };
}

/** The same for all ways to write one reference. */
export function refKey({ kind, namespace, name }: Reference): string {
  return `${kind}:${namespace}/${name}`.toLowerCase();
}
