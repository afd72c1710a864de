/** What the client's kubeconfig takes out of its index of 900 files: quick-start.js gives it these instead. */
export { createConfiguration } from '@kubernetes/client-node/dist/gen/configuration.js';
export { ServerConfiguration } from '@kubernetes/client-node/dist/gen/servers.js';
