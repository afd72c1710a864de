/**
 * Makes the start short and the process small; imported before anything that is large. Without it all works as well,
 * only slower: 1.9 s of processor time and 55 MB more (measured with Node 24.21).
 */
import { enableCompileCache, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { keepResolutions, resolution } from './kept-resolutions.js';

// Sources stripped of their types and compiled code, kept from one start to the next: 0.6 s. Beside the libraries, where
// only those can write who can change these anyway: in a temporary folder anybody could leave code for us to run. Where
// nobody may write, nothing is kept.
enableCompileCache(new URL('../node_modules/.cache/greenlight', import.meta.url).pathname);
process.once('exit', keepResolutions);

registerHooks({
  resolve(specifier, context, next) {
    const parent = context.parentURL;
    if (parent === undefined) return next(specifier, context);
    const known = neighbour(specifier, parent);
    if (known !== undefined) return known;
    const other = elsewhere(specifier, parent);
    if (other !== undefined) return next(other, context);
    return resolution(specifier, parent, context.conditions, () => next(specifier, context));
  },
});

/**
 * Where a neighbour lies is plain from its name. Node would look at the folder, its links and its package.json, 1,000
 * times: 0.2 s.
 * @param {string} specifier
 * @param {string} parent
 */
function neighbour(specifier, parent) {
  if (!specifier.startsWith('.')) return undefined;
  const isOurs = specifier.endsWith('.ts');
  if (!isOurs && !(specifier.endsWith('.js') && modulesOnly.test(parent))) return undefined;
  if (elsewhere(specifier, parent) !== undefined) return undefined;
  const url = new URL(specifier, parent).href;
  return { url, format: isOurs ? 'module-typescript' : 'module', shortCircuit: true };
}

/** Libraries of many files, all of them ES modules. */
const modulesOnly = /\/node_modules\/(kysely\/dist|zod\/v4|@kubernetes\/client-node\/dist)\/.+\.js$/;

/**
 * @param {string} specifier
 * @param {string} parent
 */
function elsewhere(specifier, parent) {
  return instead.find(({ asks, of }) => of.includes(specifier) && parent.includes(asks))?.take;
}

const nothing = fileURLToPath(new URL('nothing.js', import.meta.url));

/** What we never come to use of a library, but it would load. */
const instead = [
  {
    // Of the Kubernetes client we use the kubeconfig alone, which takes two functions out of an index of 900 files:
    // 0.5 s and 85 MB. They are asked for where they are.
    asks: '/@kubernetes/client-node/dist/config.js',
    of: ['./gen/index.js'],
    take: new URL('platforms/kubernetes/client-configuration.ts', import.meta.url).href,
  },
  {
    // We make the connections: of these it only wants objects to hand over. Most of their 20 files are for SOCKS.
    asks: '/@kubernetes/client-node/dist/config.js',
    of: ['socks', 'socks-proxy-agent', 'hpagent'],
    take: new URL('platforms/kubernetes/no-agents.ts', import.meta.url).href,
  },
  {
    // The half of it that makes connections; the rest when it is used.
    asks: '/',
    of: ['undici'],
    take: fileURLToPath(new URL('lean-undici.cjs', import.meta.url)),
  },
  {
    // A client of OpenID Connect, which few kubeconfigs need.
    asks: '/@kubernetes/client-node/dist/config.js',
    of: ['./oidc_auth.js'],
    take: new URL('platforms/kubernetes/oidc-when-asked.ts', import.meta.url).href,
  },
  {
    // Slack reaches us by the other two receivers; these bring Express along: 0.1 s and 6 MB.
    asks: '/@slack/bolt/dist/index.js',
    of: ['./receivers/ExpressReceiver', './receivers/AwsLambdaReceiver'],
    take: nothing,
  },
  {
    // Forty files that hold types alone.
    asks: '/@slack/',
    of: ['@slack/types'],
    take: nothing,
  },
  {
    // For apps that many workspaces install; we are installed in one.
    asks: '/@slack/bolt/dist/',
    of: ['@slack/oauth'],
    take: nothing,
  },
  {
    // Its sentences in fifty languages; English is asked for by its own name.
    asks: '/zod/v4/',
    of: ['../locales/index.js'],
    take: nothing,
  },
];

/** What the start has left behind: proofs of the policy, syntax trees, code that runs once. V8 would keep 25 MB of it. */
export function forgetTheStart() {
  // Not before what had waited for the start has been looked at: it takes a tenth of a second, once.
  setTimeout(collect, 3_000).unref();
}

function collect() {
  // V8 gives it to a context made after the flag; `node:v8` has no other way to ask for it.
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
