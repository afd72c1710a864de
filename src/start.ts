/** `npm start`: main.ts, begun quickly. Its own imports are linked only after what makes them quick is in place. */
import './quick-start.ts';

await import('./main.ts');
