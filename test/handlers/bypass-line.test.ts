import { expect, test } from 'vitest';
import { parseCommand } from '../../src/handlers/parse-command.ts';
import { actions } from './world.ts';

const deploy = actions.get('deploy');
const parsed = (text: string) =>
  parseCommand('/deploy', deploy ? [{ name: 'deploy', action: deploy }] : [], text);

test('every command takes the flags with which somebody asks not to wait, and why', () => {
  const line = 'payments v1.4.2 production';
  expect(parsed(`${line} --break-glass "customers cannot pay"`)).toMatchObject({
    kind: 'ask',
    bypass: { kind: 'break_glass', reason: 'customers cannot pay' },
  });
  expect(parsed(`--override "a hotfix" ${line}`)).toMatchObject({
    kind: 'ask',
    bypass: { kind: 'override', reason: 'a hotfix' },
  });
  expect(parsed(line)).not.toHaveProperty('bypass');
});

test('a flag without a reason is asked all the same, and refused where reasons are read', () => {
  expect(parsed('payments v1.4.2 production --break-glass')).toMatchObject({
    bypass: { kind: 'break_glass', reason: '' },
  });
});

test('the reason goes along into a form that is not complete yet', () => {
  expect(parsed('payments --break-glass "customers cannot pay"')).toMatchObject({
    kind: 'form',
    bypass: { reason: 'customers cannot pay' },
  });
});
