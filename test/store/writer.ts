/** A process that writes: makes a request, appends to it `count` times, and says after each how many events are safe. */
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { evaluated, submit, write } from './example-requests.ts';

const [, , file = '', key = '', count = '0'] = process.argv;
const store = await openSqliteStore({ file });
let request = await submit(store, key);
for (let index = 0; index < Number(count); index++) {
  request = await write(store, request, [evaluated('hold')]);
  process.stdout.write(`${request.version}\n`);
}
await store.close();
