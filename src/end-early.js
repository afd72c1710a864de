/**
 * Until there is something to end in order, a signal ends this process at once. As the first process of a container it
 * would not hear of one otherwise: Linux keeps from that what nobody listens for, and 30 s later it would be killed.
 */

/** 128 and the number of the signal, as a shell says it. */
const codes = { SIGTERM: 143, SIGINT: 130 };
const signals = /** @type {(keyof typeof codes)[]} */ (Object.keys(codes));

for (const signal of signals) process.on(signal, end);

/** From now on somebody else hears them. */
export function endEarlyNoMore() {
  for (const signal of signals) process.off(signal, end);
}

/** @param {keyof typeof codes} signal */
function end(signal) {
  process.stderr.write(`${signal} ended it before it was ready.\n`);
  process.exit(codes[signal]);
}
