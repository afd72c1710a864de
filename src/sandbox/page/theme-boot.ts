/** Before anything is drawn: a dark page must not flash white. */
import { applyTheme, readTheme } from './theme.ts';

applyTheme(readTheme());
