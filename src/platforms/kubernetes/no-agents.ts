/** What the client's kubeconfig would make connections with: they are ours (transport.ts), so these never connect. */
export class HttpProxyAgent {}
export class HttpsProxyAgent {}
export class SocksProxyAgent {}
export class SocksClient {}
