/** Paths by pattern: `*` is any name or part of one, `**` any number of folders. */
export function matchesGlob(path: string, pattern: string): boolean {
  const expression = pattern
    .split(/(\*\*\/|\*\*|\*)/)
    .map((part) => wild[part] ?? part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('');
  return new RegExp(`^${expression}$`).test(path);
}

const wild: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
});
