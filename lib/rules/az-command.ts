import type { ServerKey } from '../arm/resource-id.ts';

/**
 * An `az mysql flexible-server` command about one server, a line for each option.
 *
 * @param serverOption how the command calls the server: `--name`, or `--server-name` below it.
 */
export function azServer(key: ServerKey, command: string, options: string[] = [], serverOption = '--name'): string {
  const lines = [
    `az mysql flexible-server ${command} \\`,
    `  --subscription ${key.subscriptionId} \\`,
    `  --resource-group '${key.resourceGroup}' \\`,
    `  ${serverOption} ${key.serverName}`,
  ];
  return [lines.join('\n'), ...options].join(' \\\n  ');
}

/** A word that the shell takes as it is. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
