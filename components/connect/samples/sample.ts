/** Where to connect and as whom; the password is a placeholder everywhere. */
export interface Connection {
  host: string;
  port: number;
  /** A DNS name that the server's certificate has: for drivers that compare it with names alone. */
  certificateName: string;
  user: string;
  /** Empty: none. */
  database: string;
  /** Name of the downloaded CA certificate. */
  caFile: string;
}

export interface Sample {
  id: string;
  label: string;
  /** What to install and prepare, as shell commands. */
  prepare?: string;
  /** For configuration files: one line. */
  connectionString?: { label: string; code: string };
  /** A whole program that connects, asks the server who it is, and ends. */
  program: { file: string; code: string };
  run: string;
}

/** For POSIX shells. */
export function shell(text: string): string {
  return /^[\w.:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A string literal of JavaScript, Python, Java, C# and Go. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** A string literal of PHP and Ruby, in which nothing is filled in. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Lines that are there only for some connections. */
export function lines(...parts: (string | false)[]): string {
  return parts.filter((part) => part !== false).join('\n');
}
