/** How much faster than the machine's clock time runs where processes are killed. */
export const speed = 20;
