/** The resident memory of another process, in KiB, as Linux tells it; 0 where there is no /proc. */
import { readFile } from 'node:fs/promises';

export async function residentKib(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
}
