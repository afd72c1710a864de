import { expect, test } from 'vitest';
import { loadActions } from '../../src/actions/load.ts';
import { formView } from '../../src/slack/forms/form.ts';
import { expectGoodModal, textsOf } from './manners.ts';

const action = (await loadActions()).get('environment.operate');
if (!action) throw new Error('there is no such action');

const form = (values: Record<string, unknown>, operations: { value: string; label: string }[]) =>
  formView({
    ...{ action, schema: undefined, values, outlook: undefined, timeZone: undefined },
    metadata: { action: 'environment.operate', draftId: 'd' },
    choices: { name: [{ value: 'pr-12', label: 'pr-12' }], operation: operations },
    groupTitle: (name) => name,
    alerts: 'C0ALERTS',
  });
const wordsOf = (view: ReturnType<typeof form>) => textsOf(view.blocks, 'mrkdwn').join('\n');

test('a select with nothing to offer says why instead, and what comes first', () => {
  const before = form({}, []);
  const barren = form({ name: 'pr-12' }, []);
  for (const view of [before, barren]) {
    expectGoodModal(view);
    expect(JSON.stringify(view.blocks)).not.toContain('form.field.operation');
  }
  expect(wordsOf(before)).toContain('*Operation*: choose the environment first');
  expect(wordsOf(barren)).toContain('the blueprint of pr-12 offers nothing to do');
});

test('with something to offer it is a select', () => {
  const view = form({ name: 'pr-12' }, [{ value: 'warm-up', label: 'Warm up' }]);
  expect(JSON.stringify(view.blocks)).toContain('form.field.operation');
});
