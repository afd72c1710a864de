/**
 * `npm run bench`, third part: a catalog of ten thousand services read from its file, searched, and offered in a select.
 * All of it happens while others wait for their acks. Ends with 1 when a limit is passed.
 */
import { availableParallelism, loadavg } from 'node:os';
import { stringify } from 'yaml';
import { readCatalog } from '../src/catalog/read-catalog.ts';
import type { Catalog } from '../src/core/catalog.ts';
import { findServices } from '../src/core/find-services.ts';
import { formatMistake } from '../src/documents/document.ts';

const services = 10_000;
const rounds = 9;
/** Slack waits three seconds for an ack, and this stands before it when somebody has just saved the file. */
const readMsMax = 300;
/** A select is asked at every key. */
const findMsMax = 50;

const text = stringify({
  zone: 'Europe/Berlin',
  groups: { sre: { title: 'SRE', members: ['sam@acme.example'] } },
  onCall: ['sam@acme.example'],
  clusters: { big: { title: 'Big', context: 'big' } },
  environments: { cluster: 'big', teams: ['sre'], ttl: { default: '8h', max: '7d' } },
  prices: { currency: 'EUR', cpuHour: 0.045, memoryGiHour: 0.006 },
  services: Object.fromEntries(Array.from({ length: services }, (_, index) => serviceEntry(index))),
  blueprints: { folder: 'blueprints' },
});

const read = measure(() => catalogOf(text));
const catalog = catalogOf(text);
const first = measureOnce(() => findServices(catalog, 'service 4711', 100));
const search = measure(() => findServices(catalog, 'servise 4711', 100));
const offered = measure(() => findServices(catalog, 'serv', 100));

process.stdout.write(`a catalog of ${services} services, ${(text.length / 1e6).toFixed(1)} MB\n`);
report('read and checked', read, readMsMax);
report('first search of a new catalog', first, readMsMax);
report('search with a slip of the finger', search, findMsMax);
report('options of a select', offered, findMsMax);
process.stdout.write(
  `load of the machine: ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} processors\n`,
);

function serviceEntry(index: number) {
  const environments = Object.fromEntries(
    (['staging', 'production'] as const).map((tier) => [
      tier,
      { tier, cluster: 'big', namespace: `service-${index}-${tier}` },
    ]),
  );
  const entry = {
    title: `Service ${index}`,
    owners: ['sre'],
    repository: `acme/service-${index}`,
    environments,
  };
  return [`service-${index}`, entry];
}

function catalogOf(source: string): Catalog {
  const found = readCatalog({ file: 'catalog.yml', text: source });
  if (!found.ok) throw new Error(found.mistakes.map(formatMistake).join('\n'));
  return { ...found.value, blueprints: {}, workflows: {} };
}

/** Milliseconds of the processor: on a machine that has others to serve as well, the clock measures those. */
function measureOnce(work: () => unknown): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}

/** The middle one: the first run also compiles what it runs. */
function measure(work: () => unknown): number {
  const took = Array.from({ length: rounds }, () => measureOnce(work));
  return took.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

function report(what: string, ms: number, max: number): void {
  process.stdout.write(`${what.padEnd(48)}${`${ms.toFixed(1)} ms`.padStart(20)}   ${max} ms\n`);
  if (ms > max) process.exitCode = 1;
}
