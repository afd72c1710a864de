/** The client's sign-in by OpenID Connect, loaded when a kubeconfig asks for one: quick-start.js puts it in its place. */
import type { Authenticator } from '@kubernetes/client-node/dist/auth.js';

export class OpenIDConnectAuth implements Authenticator {
  /** One, as it remembers when its token ends. */
  #opened: Promise<Authenticator> | undefined;

  isAuthProvider({ authProvider }: Parameters<Authenticator['isAuthProvider']>[0]): boolean {
    return authProvider?.name === 'oidc';
  }

  async applyAuthentication(...given: Parameters<Authenticator['applyAuthentication']>): Promise<void> {
    this.#opened ??= import('@kubernetes/client-node/dist/oidc_auth.js').then(
      (real) => new real.OpenIDConnectAuth(),
    );
    await (await this.#opened).applyAuthentication(...given);
  }
}
