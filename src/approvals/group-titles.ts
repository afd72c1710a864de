/** What people call a group, by its name in the catalog. */
export type GroupTitles = Readonly<Record<string, string>>;

/** The name itself for a group that has no title, or none any more. */
export function titleOf(group: string, titles: GroupTitles): string {
  return (Object.hasOwn(titles, group) ? titles[group] : undefined) ?? group;
}
