/** One value in a YAML file, read and changed in place: comments, order and quotes of all the rest stay as they are. Pure. */
import { type Document, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { YamlPlace } from '../../core/deploy-strategy.ts';
import { ProblemError, problem } from '../../core/problem.ts';

/** @throws ProblemError `not_found` when the file cannot be read or has nothing there. */
export function yamlValueAt(text: string, at: YamlPlace, file: string): string {
  const { document, path } = placeIn(text, at, file);
  const found = document.getIn(path);
  if (typeof found === 'string' || typeof found === 'number') return String(found);
  throw nothingThere(at, file);
}

/**
 * The text with another value there. Only that value's characters differ: the file is not written anew, because that
 * would reformat what people have aligned by hand.
 * @throws ProblemError `not_found` when the file cannot be read or has nothing there.
 */
export function withYamlValue(text: string, at: YamlPlace, value: string, file: string): string {
  const { document, path } = placeIn(text, at, file);
  const node = document.getIn(path, true);
  if (!isScalar(node) || !node.range) throw nothingThere(at, file);
  const [start, end] = node.range;
  return `${text.slice(0, start)}${written(value, text.slice(start, end))}${text.slice(end)}`;
}

function placeIn(
  text: string,
  at: YamlPlace,
  file: string,
): { document: Document; path: (string | number)[] } {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new ProblemError(
      problem('not_found', `${file} cannot be read as YAML.`, 'Repair it in the GitOps repository first.', {
        detail: document.errors[0]?.message ?? '',
      }),
    );
  }
  if ('path' in at) return { document, path: at.path };
  const images = document.get('images');
  const index = isSeq(images)
    ? images.items.findIndex((item) => isMap(item) && item.get('name') === at.kustomizeImage)
    : -1;
  if (index < 0) throw nothingThere(at, file);
  return { document, path: ['images', index, 'newTag'] };
}

/** With the quotes that the former value had; in quotes as well when it would be read as something else without. */
function written(value: string, former: string): string {
  if (former.startsWith("'")) return `'${value.replaceAll("'", "''")}'`;
  if (former.startsWith('"')) return JSON.stringify(value);
  const isPlain = /^[\w.-]+$/.test(value) && parseDocument(value).toJS() === value;
  return isPlain ? value : JSON.stringify(value);
}

function nothingThere(at: YamlPlace, file: string): ProblemError {
  const where = 'path' in at ? at.path.join('.') : `the image ${at.kustomizeImage}`;
  return new ProblemError(
    problem(
      'not_found',
      `${file} has no version at ${where}.`,
      'Check what the catalog says of this service, and the file in the GitOps repository.',
    ),
  );
}
