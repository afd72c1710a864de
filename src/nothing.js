/** In the place of what is never used: quick-start.js. */
export {};
