/** Where the code of a Backstage component is, as far as GitHub's annotations tell. */
const slug = /^[\w.-]+\/[\w.-]+$/u;
const address = /^(?:url:)?https?:\/\/[^/]+\/([\w.-]+\/[\w.-]+?)(?:\.git)?(?:[/?#]|$)/u;

const locations = [
  'backstage.io/source-location',
  'backstage.io/managed-by-location',
  'backstage.io/view-url',
];

/** `owner/name`; `undefined` when nothing says it and no organisation stands in. */
export function repositoryOf(
  { name, annotations }: { readonly name: string; readonly annotations: Readonly<Record<string, string>> },
  organisation: string | undefined,
): string | undefined {
  const said = annotations['github.com/project-slug'];
  if (said !== undefined && slug.test(said)) return said;
  const found = locations.flatMap((key) => address.exec(annotations[key] ?? '')?.[1] ?? [])[0];
  if (found !== undefined) return found;
  return organisation === undefined ? undefined : `${organisation}/${name}`;
}
