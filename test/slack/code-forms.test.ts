import { describe, expect, test } from 'vitest';
import { personIdSchema, requestIdOf } from '../../src/core/ids.ts';
import { createDirectory } from '../../src/slack/directory.ts';
import { approveView, readApproval } from '../../src/slack/forms/approve-form.ts';
import { bypassBlocks } from '../../src/slack/forms/bypass.ts';
import { enrolView, readEnrolment } from '../../src/slack/forms/enrol-form.ts';

const typed = (values: Readonly<Record<string, string>>) => ({
  values: Object.fromEntries(Object.entries(values).map(([block, value]) => [block, { x: { value } }])),
});
const metadata = { id: requestIdOf(7), digest: 'd' };
const blockIds = ({ blocks }: { blocks: readonly object[] }) =>
  blocks.flatMap((block) => ('block_id' in block ? [block.block_id] : []));

describe('a yes that needs more', () => {
  test('is asked for exactly that, in one form', () => {
    expect(blockIds(approveView(metadata, undefined, { note: true, code: false }))).toEqual(['reason']);
    expect(blockIds(approveView(metadata, undefined, { note: false, code: true }))).toEqual(['code']);
    const both = approveView(metadata, 'scale payments to 0', { note: true, code: true });
    expect(blockIds(both)).toEqual(['reason', 'code']);
    expect(JSON.stringify(both)).toContain('REQ-7: scale payments to 0');
    expect(JSON.stringify(both)).toContain('a sentence and a code of your authenticator app');
  });

  test('is read as it was typed, and told at the field what is wrong', () => {
    const read = readApproval(typed({ reason: ' looked at it ', code: '123 456' }));
    expect(read).toEqual({ note: 'looked at it', code: '123456', mistakes: {} });
    expect(readApproval(typed({}))).toEqual({ mistakes: {} });
    const wrong = readApproval(typed({ reason: ' ', code: 'abcdef' }));
    expect(Object.keys(wrong.mistakes)).toEqual(['reason', 'code']);
  });
});

describe('a new key', () => {
  const key = { key: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', address: 'otpauth://totp/x', replaces: false };

  test('is shown in groups of four, in the form and not in what the form carries', () => {
    const view = enrolView(key);
    expect(JSON.stringify(view.blocks)).toContain('ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567');
    expect(view.private_metadata).toBeUndefined();
    expect(blockIds(view)).toEqual(['code']);
    expect(blockIds(enrolView({ ...key, replaces: true }))).toEqual(['code', 'old_code']);
  });

  test('is confirmed by codes, each with its own mistake', () => {
    const ok = readEnrolment(typed({ code: '123 456', old_code: '654321' }));
    expect(ok).toEqual({ code: '123456', oldCode: '654321', mistakes: {} });
    expect(Object.keys(readEnrolment(typed({ code: 'x', old_code: '' })).mistakes)).toEqual([
      'code',
      'old_code',
    ]);
    expect(readEnrolment({ values: {} })).toMatchObject({ code: '', oldCode: undefined });
  });
});

test('an emergency asks for a code where the guardrails want one', () => {
  const model = (stepUp: { stepUp?: 'code' }) => ({
    ...{
      offers: { kinds: ['break_glass' as const], owed: [] },
      alerts: 'C1',
      groupTitle: (name: string) => name,
    },
    chosen: { kind: 'break_glass' as const, reason: 'customers cannot pay' },
    verdict: {
      ...{ outcome: 'allow' as const, reasons: [], requirements: [], warnings: [], shadows: [] },
      ...{ policyVersion: '1', glass: { rules: ['r'], review: ['sre'], ...stepUp } },
    },
  });
  expect(blockIds({ blocks: bypassBlocks(model({ stepUp: 'code' })) })).toContain('code');
  expect(blockIds({ blocks: bypassBlocks(model({})) })).not.toContain('code');
});

describe('what is known of somebody', () => {
  const id = personIdSchema.parse('U0ADA');
  type Client = Parameters<typeof createDirectory>[0]['client'];
  const directoryWith = (info: () => Promise<object>) =>
    createDirectory({
      client: { users: { info, lookupByEmail: info } } as unknown as Client,
      ...{ teamIds: ['T1'], clock: { now: () => 0 } },
    });
  const user = { id, team_id: 'T1', profile: { email: 'ada@acme.example' } };

  test('is asked for anew once Slack says that it has changed', async () => {
    let deleted = false;
    const directory = directoryWith(async () => ({ user: { ...user, deleted } }));
    expect((await directory.person(id)).kind).toBe('member');
    await directory.personByEmail('ada@acme.example');
    deleted = true;
    expect((await directory.person(id)).kind).toBe('member');
    directory.forget(id);
    expect((await directory.person(id)).kind).toBe('deactivated');
    expect((await directory.personByEmail('ada@acme.example'))?.kind).toBe('deactivated');
  });

  test('an answer that was under way when they changed is not remembered', async () => {
    const answers = [Promise.withResolvers<object>(), Promise.withResolvers<object>()];
    let asked = 0;
    const directory = directoryWith(
      () => answers[asked++]?.promise ?? Promise.reject(new Error('too often')),
    );
    const early = directory.person(id);
    directory.forget(id);
    const late = directory.person(id);
    answers[0]?.resolve({ user });
    answers[1]?.resolve({ user: { ...user, deleted: true } });
    expect((await early).kind).toBe('member');
    expect((await late).kind).toBe('deactivated');
    expect((await directory.person(id)).kind).toBe('deactivated');
  });

  test('says whether Slack has seen that the address is theirs', async () => {
    const by = async (confirmed: object) =>
      (await directoryWith(async () => ({ user: { ...user, ...confirmed } })).person(id)).emailBy;
    expect(await by({ is_email_confirmed: true })).toBe('slack_confirmed');
    expect(await by({})).toBe('slack_profile');
  });
});
