/** A fault rule in words. Pure. */
import type { ActiveFaultRule, FaultRule } from '../../protocol.ts';

export function describeFault(rule: ActiveFaultRule): string {
  const often = rule.probability < 1 ? `, ${Math.round(rule.probability * 100)} % of the time` : '';
  const from = rule.fromCall > 1 ? `, from call ${rule.fromCall} on` : '';
  const left =
    rule.times === undefined ? '' : `, ${Math.max(0, rule.times - rule.hit)} of ${rule.times} left`;
  return `${faultText(rule.fault)}${often}${from}${left} · hit ${rule.hit} of ${rule.matched} calls`;
}

function faultText(fault: FaultRule['fault']): string {
  switch (fault.kind) {
    case 'status':
      return fault.retryAfterSeconds === undefined
        ? `answers ${fault.status}`
        : `answers ${fault.status}, retry after ${fault.retryAfterSeconds} s`;
    case 'slow':
      return `answers ${fault.delayMs / 1000} s late`;
    case 'timeout':
      return 'never answers';
    case 'reset':
      return 'loses the connection before anything happens';
    case 'lost-response':
      return 'takes effect, but the answer is lost';
    case 'duplicate':
      return 'is delivered twice';
    case 'reorder':
      return 'is held back behind the next one';
    case 'drop-socket':
      return 'has its socket closed first';
    default:
      return fault satisfies never;
  }
}
