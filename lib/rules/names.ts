/**
 * What names, passwords and addresses may be, with the sentence shown when they are not. The forms and the control
 * plane use the same functions, so that a refusal has the same words beside the field and in the API.
 * Rules from Azure's OpenAPI files, its limits page and the Azure CLI's validators.
 */

export const SERVER_NAME_PATTERN = /^[a-z0-9][-a-z0-9]*(?<!-)$/;

export function serverNameProblem(name: string): string | undefined {
  if (name.length < 3 || name.length > 63) return 'A server name has 3 to 63 characters.';
  if (!SERVER_NAME_PATTERN.test(name)) {
    return 'A server name has only lower-case letters, digits and hyphens, and neither starts nor ends with a hyphen.';
  }
  return undefined;
}

export const RESERVED_ADMINISTRATOR_LOGINS = [
  'azure_superuser',
  'admin',
  'administrator',
  'root',
  'guest',
  'sa',
  'public',
] as const;

/** Accounts that MySQL or the service itself owns: no one else may take these names. */
const SYSTEM_ACCOUNTS = ['mysql.sys', 'mysql.session', 'mysql.infoschema', 'flexdeck', 'event_scheduler'];

export function administratorLoginProblem(login: string): { code: string; message: string } | undefined {
  if (login.length < 1 || login.length > 32) {
    return { code: 'InvalidUserName', message: 'The admin name has 1 to 32 characters.' };
  }
  if (!/^[A-Za-z0-9_][-A-Za-z0-9_.]*$/.test(login)) {
    return {
      code: 'InvalidUserName',
      message: 'The admin name has only letters, digits, “_”, “-” and “.”, and starts with a letter, a digit or “_”.',
    };
  }
  const lower = login.toLowerCase();
  if ([...RESERVED_ADMINISTRATOR_LOGINS, ...SYSTEM_ACCOUNTS].includes(lower)) {
    return { code: 'BlockedUserName', message: `“${login}” is reserved. Choose another admin name.` };
  }
  return undefined;
}

export interface PasswordRule {
  id: 'length' | 'upper' | 'lower' | 'digit' | 'other';
  label: string;
  met: boolean;
}

/** The rules of an admin password, each with whether `password` meets it. Three of the four kinds are needed. */
export function passwordRules(password: string): PasswordRule[] {
  return [
    { id: 'length', label: '8–128 characters', met: password.length >= 8 && password.length <= 128 },
    { id: 'upper', label: 'upper-case letter', met: /\p{Lu}/u.test(password) },
    { id: 'lower', label: 'lower-case letter', met: /\p{Ll}/u.test(password) },
    { id: 'digit', label: 'digit', met: /\d/.test(password) },
    { id: 'other', label: 'symbol', met: /[^\p{L}\d]/u.test(password) },
  ];
}

export function passwordProblem(password: string, login?: string): { code: string; message: string } | undefined {
  if (password.length < 8) return { code: 'PasswordTooShort', message: 'The password has at least 8 characters.' };
  if (password.length > 128) return { code: 'PasswordTooLong', message: 'The password has at most 128 characters.' };
  const kinds = passwordRules(password).filter((rule) => rule.id !== 'length' && rule.met).length;
  if (kinds < 3) {
    return {
      code: 'PasswordNotComplex',
      message: 'The password needs three of: upper-case letters, lower-case letters, digits, symbols.',
    };
  }
  if (login && login.length >= 3 && password.toLowerCase().includes(login.toLowerCase())) {
    return { code: 'PasswordNotComplex', message: 'The password must not contain the admin name.' };
  }
  return undefined;
}

export const FIREWALL_RULE_NAME_PATTERN = /^[a-zA-Z0-9][-_a-zA-Z0-9]{0,79}(?<!-)$/;
export const MAX_FIREWALL_RULES = 500;

export function firewallRuleNameProblem(name: string): string | undefined {
  if (FIREWALL_RULE_NAME_PATTERN.test(name)) return undefined;
  return 'A rule name has 1 to 80 letters, digits, “_” and “-”, starts with a letter or digit and does not end with “-”.';
}

const IPV4 = /^(?:(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])\.){3}(?:\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/;

/** The address as a number from 0 to 2^32 - 1; undefined when it is not dotted IPv4. */
export function parseIpv4(address: string): number | undefined {
  if (!IPV4.test(address)) return undefined;
  return address.split('.').reduce((value, part) => value * 256 + Number(part), 0);
}

export function formatIpv4(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

export interface AddressRangeProblem {
  field: 'startIpAddress' | 'endIpAddress';
  message: string;
}

export function addressRangeProblem(start: string, end: string): AddressRangeProblem | undefined {
  const from = parseIpv4(start);
  if (from === undefined)
    return { field: 'startIpAddress', message: `“${start}” is not an IPv4 address like 203.0.113.7.` };
  const to = parseIpv4(end);
  if (to === undefined) return { field: 'endIpAddress', message: `“${end}” is not an IPv4 address like 203.0.113.7.` };
  if (from > to) {
    return { field: 'endIpAddress', message: `The range is inverted: ${end} comes before ${start}. Swap the two.` };
  }
  return undefined;
}

const SYSTEM_DATABASES = ['information_schema', 'mysql', 'performance_schema', 'sys'];

export function isSystemDatabase(name: string): boolean {
  return SYSTEM_DATABASES.includes(name.toLowerCase());
}

export function databaseNameProblem(name: string): string | undefined {
  if (name.length < 1 || name.length > 64) return 'A database name has 1 to 64 characters.';
  if (isSystemDatabase(name)) return `“${name}” is one of MySQL's own databases. Choose another name.`;
  if (!/^[A-Za-z0-9_$][-A-Za-z0-9_$]*$/.test(name)) {
    return 'A database name has only letters, digits, “_”, “-” and “$”, and does not start with “-”.';
  }
  return undefined;
}

export function resourceGroupNameProblem(name: string): string | undefined {
  if (name.length < 1 || name.length > 90) return 'A resource group name has 1 to 90 characters.';
  if (!/^[-\p{L}\p{N}_.()]*[-\p{L}\p{N}_()]$/u.test(name)) {
    return 'A resource group name has only letters, digits, “_”, “-”, “.” and parentheses, and does not end with “.”.';
  }
  return undefined;
}

export function tagsProblem(tags: Record<string, string>): string | undefined {
  const names = Object.keys(tags);
  if (names.length > 50) return 'A resource has at most 50 tags.';
  const seen = new Set<string>();
  for (const name of names) {
    if (name.length < 1 || name.length > 512) return 'A tag name has 1 to 512 characters.';
    if (/[<>%&\\?/]/.test(name))
      return `The tag name “${name}” has one of the characters < > % & \\ ? / that are not allowed.`;
    if ((tags[name] ?? '').length > 256) return `The value of the tag “${name}” has more than 256 characters.`;
    if (seen.has(name.toLowerCase())) return `The tag “${name}” is there twice.`;
    seen.add(name.toLowerCase());
  }
  return undefined;
}

/** The name, or with the first number behind it that nobody has: `orders-restored`, `orders-restored-2`. */
export function freeName(name: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (!taken.some((other) => other.toLowerCase() === candidate.toLowerCase())) return candidate;
  }
}
