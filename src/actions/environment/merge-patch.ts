/** JSON merge patches (RFC 7386): whether one is in effect already, and the one that takes it back. Pure. */

type Json = Readonly<Record<string, unknown>>;

/** Whether merging it would change nothing but what a server fills in by itself. */
export function isInEffect(found: unknown, patch: unknown): boolean {
  if (patch === null) return found === undefined || found === null;
  if (Array.isArray(patch)) {
    return (
      Array.isArray(found) &&
      found.length === patch.length &&
      patch.every((one, index) => isInEffect(found[index], one))
    );
  }
  if (!isJson(patch)) return Object.is(found, patch);
  return (
    isJson(found) && Object.entries(patch).every(([key, inner]) => isInEffect(valueAt(found, key), inner))
  );
}

/** What puts back whatever the patch changes. */
export function inverseOf(found: unknown, patch: Json): Json {
  const entries = Object.entries(patch).map(([key, inner]): [string, unknown] => {
    const before = isJson(found) ? valueAt(found, key) : undefined;
    if (isJson(inner) && isJson(before)) return [key, inverseOf(before, inner)];
    return [key, before ?? null];
  });
  return Object.fromEntries(entries);
}

function valueAt(json: Json, key: string): unknown {
  return Object.hasOwn(json, key) ? json[key] : undefined;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
