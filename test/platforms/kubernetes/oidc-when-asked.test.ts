/** A kubeconfig that signs in by OpenID Connect does so as with the client's own, which the start does not load. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { OpenIDConnectAuth } from '../../../src/platforms/kubernetes/oidc-when-asked.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenUntil = (exp: number) => `${part({ alg: 'none' })}.${part({ exp })}.x`;
const userWith = (config: Record<string, string>) => ({ name: 'a', authProvider: { name: 'oidc', config } });

test('a token that still holds is sent', async () => {
  const auth = new OpenIDConnectAuth();
  const token = tokenUntil(Date.now() / 1000 + 60);
  const options = { headers: {} };
  await auth.applyAuthentication(userWith({ 'id-token': token }), options);
  expect(options.headers).toEqual({ Authorization: `Bearer ${token}` });
});

test('a token that has ended, with nothing to renew it by, is not', async () => {
  const options = { headers: {} };
  await new OpenIDConnectAuth().applyAuthentication(userWith({ 'id-token': tokenUntil(1) }), options);
  expect(options.headers).toEqual({});
});

test('only who asks for it signs in by it', () => {
  const auth = new OpenIDConnectAuth();
  expect(auth.isAuthProvider(userWith({}))).toBe(true);
  expect(auth.isAuthProvider({ name: 'b', token: 'x' })).toBe(false);
  expect(auth.isAuthProvider({ name: 'c', authProvider: { name: 'gcp', config: {} } })).toBe(false);
});

test('after a quick start a kubeconfig finds it, and what proxies would need', async () => {
  const token = tokenUntil(Date.now() / 1000 + 3_600);
  const config = {
    clusters: [{ name: 'c', server: 'https://127.0.0.1', proxyUrl: 'socks5://127.0.0.1:1' }],
    users: [userWith({ 'id-token': token })],
    contexts: [{ name: 'x', cluster: 'c', user: 'a' }],
    currentContext: 'x',
  };
  const script = `
    await import('./src/quick-start.js');
    const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
    const kubeconfig = new KubeConfig();
    kubeconfig.loadFromOptions(${JSON.stringify(config)});
    const options = {};
    await kubeconfig.applyToHTTPSOptions(options);
    console.log(options.headers.Authorization);
  `;
  const cwd = new URL('../../../', import.meta.url);
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd,
  });
  expect(stdout.trim()).toBe(`Bearer ${token}`);
});
