/** The paths that scenarios use: `a.b[0].c`, `list[type=Ready].status`, `labels["a.b/c"]`. */
export function valueAt(value: unknown, path: string): unknown {
  const steps = path.match(/[^.[\]"]+=[^\]]+|"[^"]+"|[^.[\]"]+/g) ?? [];
  let current = value;
  for (const raw of steps) {
    const step = raw.replace(/^"|"$/g, '');
    if (Array.isArray(current)) {
      const match = /^([^=]+)=(.*)$/.exec(step);
      current = match
        ? current.find((item) => (item as Record<string, unknown>)[match[1] ?? ''] === match[2])
        : current[Number(step)];
    } else if (typeof current === 'object' && current !== null) {
      current = (current as Record<string, unknown>)[step];
    } else return undefined;
  }
  return current;
}
