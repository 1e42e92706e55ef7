/** Azure's server parameters that are no system variables: the service acts on them, mysqld never hears of them. */
const SERVICE_PARAMETERS = [
  {
    name: 'error_server_log_file',
    defaultValue: 'OFF',
    dataType: 'Enumeration' as const,
    allowedValues: 'ON,OFF',
    description: 'Whether the error log is among the server logs.',
    documentationLink: 'https://learn.microsoft.com/azure/mysql/flexible-server/concepts-error-logs',
  },
  {
    name: 'audit_log_enabled',
    defaultValue: 'OFF',
    dataType: 'Enumeration' as const,
    allowedValues: 'ON,OFF',
    description:
      'Whether it is written down who connected, from where, and who was refused. A log of connections alone.',
    documentationLink: 'https://learn.microsoft.com/azure/mysql/flexible-server/concepts-audit-logs',
  },
  {
    name: 'audit_log_events',
    defaultValue: 'CONNECTION',
    dataType: 'Enumeration' as const,
    allowedValues: 'CONNECTION',
    description:
      'What is written down while audit_log_enabled is ON. Statements and table accesses need a plugin that MySQL Community does not have.',
    documentationLink: 'https://learn.microsoft.com/azure/mysql/flexible-server/concepts-audit-logs',
  },
];

export function isServiceParameter(name: string): boolean {
  return SERVICE_PARAMETERS.some((parameter) => parameter.name === name);
}

/** As configurations beside mysqld's. @param overrides what the user set. */
export function serviceParameters(overrides: Readonly<Record<string, string>>) {
  return SERVICE_PARAMETERS.map((parameter) => {
    const value = overrides[parameter.name] ?? parameter.defaultValue;
    return {
      ...parameter,
      value,
      currentValue: value,
      source: overrides[parameter.name] === undefined ? ('system-default' as const) : ('user-override' as const),
      isDynamic: true,
      isReadOnly: false,
      isPendingRestart: false,
    };
  });
}
