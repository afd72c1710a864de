/** What a call to the secret store may cost. */
export const limits = {
  /** Milliseconds. Vault itself answers within some tens; a person waits for this one. */
  answerMs: 5_000,
  /** Bytes. A wrapped answer has some hundreds. */
  answerBytes: 64 * 1024,
} as const;
