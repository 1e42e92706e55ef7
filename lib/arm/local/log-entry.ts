import * as z from 'zod';

/** Which of a server's logs, in the words of the log files' list. */
export const LogKind = z.enum(['slowlog', 'errorlog', 'connectionlog']);
export type LogKind = z.infer<typeof LogKind>;

/** One entry of a server's log. What the kind of log does not have is left out. */
export const LogEntry = z.object({
  /** Unique within the server, also when its file is rotated. */
  id: z.string(),
  /** When, as the log has it: UTC with microseconds. */
  time: z.string(),
  /** The statement or the message; the log files themselves have all of a text that is cut. */
  text: z.string(),
  isCut: z.boolean(),
  /** Of a server that has a standby: where it was written. */
  zone: z.string().optional(),
  // errors
  level: z.string().optional(),
  code: z.string().optional(),
  subsystem: z.string().optional(),
  // slow queries
  user: z.string().optional(),
  connectionId: z.number().optional(),
  /** Where the client is, while the gateway still has its connection: MySQL itself knows every client as localhost. */
  clientAddress: z.string().optional(),
  database: z.string().optional(),
  seconds: z.number().optional(),
  lockSeconds: z.number().optional(),
  rowsSent: z.number().optional(),
  rowsExamined: z.number().optional(),
});
export type LogEntry = z.infer<typeof LogEntry>;

/** Some entries, oldest first, and where to go on. */
export const LogEntries = z.object({
  value: z.array(LogEntry),
  /** What to send to have what follows; of a search: what is older. Absent when a search has seen all. */
  cursor: z.string().optional(),
  /** There is more already: ask again at once. */
  hasMore: z.boolean(),
  /** Of a search: how far back it has looked. */
  searchedUntil: z.string().optional(),
});
export type LogEntries = z.infer<typeof LogEntries>;
