import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProblemError } from '../../../src/core/problem.ts';
import { type ConnectedVault, connectVault } from '../../../src/platforms/vault/connect.ts';
import { elsewhere } from '../elsewhere.ts';
import { startVaultBox, type VaultBox, vaultSecret, vaultToken } from './vault-box.ts';

const path = 'checkout-pr-12/database';
const now = Date.UTC(2026, 10, 18, 9);
const fiveMinutes = 5 * 60_000;

let box: VaultBox;
let vault: ConnectedVault;
beforeEach(async () => {
  box = await startVaultBox({ [path]: vaultSecret });
  vault = connect();
});
afterEach(async () => {
  await vault.close();
  await box.stop();
});

function connect(more: { token?: string; namespace?: string } = {}): ConnectedVault {
  return connectVault({ url: box.url, token: vaultToken, place: 'secret/environments', ...more }, () => now);
}

async function problemOf(call: Promise<unknown>) {
  const error = await call.then(
    () => new Error('it was not refused'),
    (one: unknown) => one,
  );
  if (!(error instanceof ProblemError)) throw error;
  return {
    ...error.problem,
    everything: `${JSON.stringify(error.problem)} ${String(error.cause)} ${error.stack}`,
  };
}

describe('a one-time link', () => {
  it('opens the value once, for whoever has it, and nobody twice', async () => {
    const link = await vault.oneTimeLink(path, fiveMinutes);
    expect(link.expiresAt).toBe(now + fiveMinutes);
    expect(link.command).toBe(`VAULT_ADDR=${box.url} vault unwrap ${link.token}`);
    expect(link.url).toBe(`${box.url}/ui/vault/tools/unwrap`);
    expect(await box.unwrap(link.token)).toEqual(vaultSecret);
    expect(await box.unwrap(link.token)).toBeUndefined();
  });

  it('is asked for wrapped, in one call, and never opened by us', async () => {
    await vault.oneTimeLink(path, fiveMinutes);
    expect(box.calls).toEqual([
      { method: 'GET', path: `/v1/secret/data/environments/${path}`, wrapTtl: '300s' },
    ]);
  });

  it('names the namespace where there are several', async () => {
    const other = connect({ namespace: 'platform' });
    expect((await other.oneTimeLink(path, fiveMinutes)).command).toContain('VAULT_NAMESPACE=platform ');
    await other.close();
  });
});

describe('what goes wrong is a sentence, and holds no value', () => {
  it.each([
    ['sealed', 'outside_unavailable', 'sealed'],
    ['unwrapped', 'outside_refused', 'did not answer with a one-time link'],
    ['other-path', 'outside_refused', 'did not answer with a one-time link'],
    ['garbled', 'outside_refused', 'did not answer with a one-time link'],
    ['endless', 'outside_unavailable', 'The secret store'],
  ] as const)('%s', async (how, code, sentence) => {
    box.behave(how);
    const problem = await problemOf(vault.oneTimeLink(path, fiveMinutes));
    expect(problem).toMatchObject({ code, sentence: expect.stringContaining(sentence) });
    expect(problem.everything).not.toContain(vaultSecret.password);
    expect(problem.everything).not.toContain(vaultToken);
  });

  it('an address that it says it is at instead is not followed: the token stays here', async () => {
    const creation_path = `secret/data/environments/${path}`;
    const token = 'hvs.CAESIwrapping00000000000000000000';
    const other = await elsewhere({ wrap_info: { token, ttl: 300, creation_path } });
    box.behave({ redirect: other.url });
    expect(await problemOf(vault.oneTimeLink(path, fiveMinutes))).toMatchObject({
      code: 'outside_unavailable',
      sentence: expect.stringContaining('The secret store'),
    });
    expect(other.arrived).toEqual([]);
  });

  it('nothing is kept there', async () => {
    expect(await problemOf(vault.oneTimeLink('checkout-pr-12/other', fiveMinutes))).toMatchObject({
      code: 'not_found',
    });
  });

  it('a token without the right names the file that has it', async () => {
    const other = connect({ token: 'hvs.somebodyElses0000000000000000' });
    const problem = await problemOf(other.oneTimeLink(path, fiveMinutes));
    expect(problem.next).toContain('deploy/vault-policy.hcl');
    await other.close();
  });

  it('a store that is away', async () => {
    await box.stop();
    expect(await problemOf(vault.oneTimeLink(path, fiveMinutes))).toMatchObject({
      code: 'outside_unavailable',
    });
  });
});

describe('over TLS', () => {
  const authority = selfSigned();
  it.skipIf(!authority)('an authority of its own is trusted when it is given, and only then', async () => {
    if (!authority) return;
    const safe = await startVaultBox({ [path]: vaultSecret }, authority);
    const settings = { url: safe.url, token: vaultToken, place: 'secret/environments' };
    const trusting = connectVault({ ...settings, certificateAuthority: authority.cert }, () => now);
    const { token } = await trusting.oneTimeLink(path, fiveMinutes);
    expect(token).toMatch(/^hvs\./);
    const stranger = connectVault(settings, () => now);
    const problem = await problemOf(stranger.oneTimeLink(path, fiveMinutes));
    expect(problem.sentence).toBe('The secret store shows a certificate that is not trusted here.');
    await Promise.all([trusting.close(), stranger.close(), safe.stop()]);
  });
});

/** A key and a certificate made for this run; none where there is no openssl. */
function selfSigned(): { key: string; cert: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'vault-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')] as const;
  try {
    const subject = ['-subj', '/CN=vault', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const order = ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject];
    execFileSync('openssl', order, { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch {
    console.log('skipped: there is no openssl to make a certificate with');
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it.each([
  '../../auth/token/lookup-self',
  'a/../../sys/mounts',
  'a//b',
  '',
  'a?b',
  'a/b/c/d/e',
  'A/b',
  'a/..',
  'a%2f..',
])('a path that could lead elsewhere is never asked for: %s', async (wrong) => {
  expect(await problemOf(vault.oneTimeLink(wrong, fiveMinutes))).toMatchObject({ code: 'bad_input' });
  expect(box.calls).toEqual([]);
});
