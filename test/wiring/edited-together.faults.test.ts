/** A workflow file that is refused: what it does to edits of the catalog, with the real documents. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadActions } from '../../src/actions/load.ts';
import type { DocumentNews } from '../../src/documents/document-news.ts';
import { openDocuments } from '../../src/wiring/documents-in-force.ts';
import { deskWorld } from '../desk/desk-world.ts';

const actions = await loadActions();

async function world() {
  const desk = await deskWorld();
  const folder = await mkdtemp(join(tmpdir(), 'data-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp('data', folder, { recursive: true, filter: (path) => !path.endsWith('.db') });
  const news: DocumentNews[] = [];
  const documents = await openDocuments(folder, actions, {
    ...{ log: desk.context.log, scheduler: desk.clock, clock: desk.clock },
    forge: () => desk.context.outside.forge,
    onNews: (one) => news.push(one),
  });
  onTestFinished(() => documents.close());
  const edit = async (name: string, change: (text: string) => string) => {
    const path = join(folder, name);
    await writeFile(path, change(await readFile(path, 'utf8')));
  };
  /** In small steps, in real time: the disk answers when it likes. */
  const comes = (what: () => boolean) =>
    expect
      .poll(
        async () => {
          await desk.clock.advance(200);
          return what();
        },
        { timeout: 10_000 },
      )
      .toBe(true);
  const refused = (file: string, why: string) =>
    comes(() => news.some((one) => one.file === file && one.mistakes.join('\n').includes(why)));
  return { documents, edit, comes, refused };
}

test('a workflow that has another name in the catalog waits for the policy also while its file is refused', async () => {
  const { documents, edit, comes, refused } = await world();
  const rule = () =>
    JSON.stringify(documents.policy().rules.find(({ id }) => id === 'large-batches')?.chosen);
  await edit('workflows/reindex.yml', (text) => text.replaceAll('greenlight_request', 'somebody'));
  await refused('data/workflows', 'The input greenlight_request is missing');
  await edit('catalog.yml', (text) => text.replace('  reindex-search:\n', '  search-reindex:\n'));
  await refused('data/catalog.yml', 'there is no workflow "reindex-search"');
  expect(Object.keys(documents.catalog().workflows)).toEqual(['reindex-search']);
  await edit('policy.yml', (text) => text.replace('workflow: reindex-search', 'workflow: search-reindex'));
  await comes(() => 'search-reindex' in documents.catalog().workflows);
  expect(rule()).toContain('search-reindex');
});

test('a workflow file that is refused holds up no edit of the catalog', async () => {
  const { documents, edit, comes, refused } = await world();
  await edit('workflows/reindex.yml', (text) => text.replaceAll('batch_size', 'batch'));
  await refused('data/workflows', 'input.values has no "batch_size"');
  await edit('catalog.yml', (text) =>
    text.replace('members: [lee@acme.example]', 'members: [olga@acme.example]'),
  );
  await comes(() => documents.policy().members.get('platform-leads')?.has('olga@acme.example') === true);
  expect(documents.policy().members.get('platform-leads')?.has('lee@acme.example')).toBe(false);
});
