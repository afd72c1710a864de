/**
 * Property tests try the same values in every run, so that a red run can be run again and coverage does not depend on luck.
 * PROPERTY_SEED=<any number> tries others.
 */
import { configureGlobal } from 'fast-check';

configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) });
