/** The catalog's file: its shape by the schema in core, and here whatever one part of it says of another. */
import { type CatalogFile, catalogSchema } from '../core/catalog.ts';
import { inFileOrder, type Read, type Source } from '../documents/document.ts';
import { readDocument } from '../documents/read-document.ts';
import { referenceMistakes } from './reference-mistakes.ts';

/** Pure. Every text is either a catalog in which all names lead somewhere, or at least one mistake. */
export function readCatalog(source: Source): Read<CatalogFile> {
  const read = readDocument(source, catalogSchema);
  if (!read.ok) return read;
  const { value: catalog, positions } = read;
  const mistakes = referenceMistakes(catalog, positions);
  return mistakes.length > 0
    ? { ok: false, mistakes: inFileOrder(mistakes) }
    : { ok: true, value: namesOnly(catalog) };
}

/** People's words are looked up in it: a plain object would also know the name "constructor". */
function namesOnly(catalog: CatalogFile): CatalogFile {
  const services = Object.entries(catalog.services).map(
    ([name, service]) => [name, { ...service, environments: bare(service.environments) }] as const,
  );
  return {
    ...catalog,
    groups: bare(catalog.groups),
    clusters: bare(catalog.clusters),
    services: bare(Object.fromEntries(services)),
  };
}

function bare<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.assign(Object.create(null), record);
}
