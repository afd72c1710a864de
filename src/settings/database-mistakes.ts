/**
 * What is wrong with the settings that name the database, for the bot and for the commands beside it: neither may come to
 * work on another than is meant. A fix holds no word of the value, in which there may be a password.
 */

/** In whichever letters: opened as a file it would become folders, one of them named with the password. */
const addressForm = /^[a-z][a-z\d+.-]+:\/\//i;

const edges = 'take away the space or the carriage return at its beginning or end';

/** @returns what to do about GREENLIGHT_DATABASE. */
export function fixOfDatabaseFile(text: string): string | undefined {
  if (addressForm.test(text.trim())) return 'that is an address and no file: write it as DATABASE_URL';
  return hasEdges(text) ? edges : undefined;
}

/** @returns what to do about DATABASE_URL. */
export function fixOfDatabaseUrl(text: string): string | undefined {
  if (!/^postgres(?:ql)?:\/\//.test(text.trim()))
    return 'only PostgreSQL can be shared: write postgresql://user:password@host:5432/database, or take it out and name a file as GREENLIGHT_DATABASE';
  return hasEdges(text) ? edges : undefined;
}

/** As a file with the line ends of Windows leaves them, where nobody sees them. */
function hasEdges(text: string): boolean {
  return text !== text.trim();
}
