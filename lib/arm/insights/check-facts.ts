/** What is known of a server and its last hour when it is looked over. Undefined: it could not be read. */
export interface CheckFacts {
  state: string;
  stateReason?: string | null | undefined;
  tier: string;
  highAvailability: { mode: string; state: string };
  /** ISO 8601; undefined while there is no backup. */
  earliestRestoreDate?: string | null | undefined;
  isPublic: boolean;
  firewallRules: { startIpAddress: string; endIpAddress: string }[] | undefined;
  maxConnections: number | undefined;
  /** Of the last hour, null without a sample. */
  lastHour: LastHour | undefined;
  /** Of the certificate that it shows; null where the cloud does not tell. ISO 8601. */
  certificate: { validFrom: string; validTo: string; renewedFrom: string } | null | undefined;
  /** Rules that watch it. */
  alertRules: number | undefined;
}

export interface LastHour {
  storagePercent: number | null;
  cpuPercent: number | null;
  memoryPercent: number | null;
  connections: number | null;
  slowQueries: number | null;
  failedConnections: number | null;
  deadlocks: number | null;
}
