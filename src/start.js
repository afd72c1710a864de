/**
 * `npm start`: main.ts, begun quickly. Its own imports are linked only after what makes them quick is in place.
 *
 * JavaScript, as all that it needs before main.ts: what is TypeScript here would have Node load its type stripper at
 * each start, for these lines alone (0.1 s and 35 MB that never come back, Node 24.21); main.ts and the rest come
 * stripped from the cache.
 */
import './end-early.js';
import { forgetTheStart } from './quick-start.js';

await import('./main.ts');
forgetTheStart();
