/** How it stands with a file, or a folder of files, of `data/`. */
export interface DocumentNews {
  readonly file: string;
  /** `data/policy.yml:4:15 ...`; none when it is in force. */
  readonly mistakes: readonly string[];
}
