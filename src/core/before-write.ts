/**
 * Called right before each write of a call that makes several, or looks before it writes: what it throws ends the call
 * there. Whoever carries a step on gives it, as the process may have stood still in between (runner/while-ours.ts).
 */
export type BeforeWrite = () => void;
