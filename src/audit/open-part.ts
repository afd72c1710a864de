/**
 * What stays of a body when its personal and free parts are taken out. Closed by default: of text only words of our own
 * and ids of rules, actions and steps stay; names, addresses, notes, reasons and inputs go. Numbers, moments and the
 * names of fields stay, so that a redacted request still folds.
 *
 * The lists are form 1 and are frozen: the chain holds hashes of what they leave. Another list is another form.
 */

export const redacted = '[redacted]';

/** Idempotent: of an open part it gives the same. */
export function openPart(body: unknown): unknown {
  return visit(body, '', '');
}

function visit(value: unknown, parent: string, key: string): unknown {
  if (typeof value === 'string') return isOpen(value, parent, key) ? value : redacted;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((one) => visit(one, parent, key));
  const isTyped = parent === typed || typedKeys.has(key);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, visit(inner, isTyped ? typed : key, name)]),
  );
}

function isOpen(value: string, parent: string, key: string): boolean {
  if (parent === typed || typedKeys.has(key)) return key === 'kind' && changeKinds.has(value);
  return openKeys.has(key) || openKeys.has(`${parent}.${key}`) || words.has(value) || requestId.test(value);
}

const requestId = /^REQ-[1-9][0-9]{0,9}$/;

/** Stands for the parent of everything that people typed or that came from elsewhere, however deep. */
const typed = '*';
const typedKeys: ReadonlySet<string> = new Set([
  ...['input', 'values', 'changes', 'outputs', 'result', 'resolved', 'details', 'commits', 'cautions'],
]);

/** What tells a change of an input from a wait, in what would let a request through. */
const changeKinds: ReadonlySet<string> = new Set(['input', 'wait']);

const openKeys: ReadonlySet<string> = new Set([
  ...['type', 'action', 'rule', 'rules', 'step', 'policyVersion', 'requirement', 'timeZone'],
  ...['plan.id', 'plan.needs', 'requirements.id', 'target.team', 'service.name', 'door', 'code'],
]);

const words: ReadonlySet<string> = new Set([
  ...['member', 'guest', 'outside', 'bot', 'deactivated', 'system', 'slack_confirmed', 'slack_profile'],
  ...['read', 'create', 'change', 'destroy', 'dev', 'staging', 'production'],
  ...['environment', 'service', 'workflow', 'command', 'modal', 'button', 'requests', 'deploys'],
  ...['allow', 'require_approval', 'hold', 'deny', 'approve', 'request_changes', 'requester', 'author'],
  ...['policy', 'quorum', 'reviewer', 'failed', 'cancelled', 'released', 'expired', 'stolen'],
  ...['override', 'break_glass', 'asked', 'reminded', 'code'],
]);
