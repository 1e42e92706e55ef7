/** One ARM request, as plain data. */
export interface ChangeRequest {
  resourceId: string;
  apiVersion: string;
  method: 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** Name of a POST action, e.g. `restart`. */
  action?: string;
  body?: Record<string, unknown>;
  /** The same as an `az` command line; write secrets as `secretInShell(name)`. */
  azCommand: string;
}

/** What a person is about to change: drawn by the change review, rendered by the functions below. */
export interface ChangeDescription extends ChangeRequest {
  /** Old → new, by the words on the form; null for "not set". Never a secret. */
  changes: { label: string; from: string | null; to: string | null }[];
  /** Whether and for how long it interrupts, as a sentence; absent means that it does not. */
  restarts?: string;
  /** Dollars a month before and after. */
  cost?: { from: number | null; to: number };
  /** Requests that follow the first one (firewall rules of a new server). */
  further?: ChangeRequest[];
}

/** All requests of a change, in the order in which they are sent. */
export function requestsOf(change: ChangeDescription): ChangeRequest[] {
  return [change, ...(change.further ?? [])];
}

/** True for properties whose value must never be shown: passwords, secrets, keys of storage accounts. */
export function isSecretName(name: string): boolean {
  return /(password|secret|accesskey|sastoken)$/i.test(name);
}

/** How a shell command names a secret: `"$ADMINISTRATOR_LOGIN_PASSWORD"`. */
export function secretInShell(name: string): string {
  return `"$${snake(name).toUpperCase()}"`;
}

/** Names and values of the secrets in a body, wherever they stand. */
export function secretsIn(value: unknown): [name: string, value: string][] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) =>
    typeof item === 'string' ? (isSecretName(key) ? [[key, item] as [string, string]] : []) : secretsIn(item),
  );
}

/** `administratorLoginPassword` → `administrator_login_password`. */
export function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}
