/** Who wrote what goes out when a thing is changed. */
export const authors: readonly string[] = ['max@acme.example'];
