/**
 * In the place of undici (quick-start.js): its connections at once, and its browser half, mocks and caches, which are
 * three quarters of its 110 files, when somebody comes to use them: 35 ms and 8 MB (undici 8.12, Node 24.21).
 *
 * CommonJS, as what is exported here is loaded when it is looked at: what an ES module imports it looks at at once.
 */
// @ts-nocheck: undici has types of the whole only.
const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');

// As the whole does: connections have `request` only by it.
Object.assign(Dispatcher.prototype, require('undici/lib/api/index.js'));

const whole = () => require('undici/index.js');

exports.Agent = require('undici/lib/dispatcher/agent.js');
exports.ProxyAgent = require('undici/lib/dispatcher/proxy-agent.js');
/** @param {unknown[]} call */
exports.fetch = (...call) => whole().fetch(...call);

// Of the Socket Mode client. Not by `exports.name`, in which Node would find names for ES modules and look at them.
for (const name of ['WebSocket', 'ErrorEvent', 'MessageEvent', 'CloseEvent', 'ping', 'buildConnector']) {
  Object.defineProperty(exports, name, { enumerable: true, get: () => whole()[name] });
}
