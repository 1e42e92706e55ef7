import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, resolve } from 'node:path';
import { isIP } from 'node:net';
import * as z from 'zod';
import type { MailServer } from './alerts/mail.ts';
import type { WebhookPolicy } from './alerts/receiver-address.ts';

/** Ends the daemon before or after one journaled step; for the tests that kill it everywhere. */
export interface Failpoint {
  operation: string;
  step: string;
  when: 'before' | 'after' | 'fails';
}

export interface ControlPlaneConfig {
  /** Absolute folder with all state. */
  home: string;
  /** ARM over https. 0 picks a free port; `ready.json` has the one in force. */
  armPort: number;
  /** The issuer over http, for browsers. 0 picks a free port. */
  issuerPort: number;
  /** Where the portal listens. `npm start` turns a 0 into a free port before it starts the daemon. */
  portalPort: number;
  /** The portal's one origin, `http://localhost:<portalPort>`: sign-in answers go nowhere else. */
  portalOrigin: string;
  /** A MySQL Community installation to use before all others: the folder that has `bin/mysqld` or `sbin/mysqld`. */
  mysqlBasedir: string | undefined;
  /** Private MySQL runtimes; homes on one machine may share it. */
  runtimesFolder: string;
  /** The folders of `PATH`, where a MySQL of the machine's own may lie. */
  pathFolders: string[];
  /** Whether the next server's data directory is made ahead, while nothing else is to do. */
  spares: boolean;
  /** Whether servers are held to the vCores of their size, where the machine allows it. */
  cpuLimits: boolean;
  failpoint: Failpoint | undefined;
  /** Where alerts' webhooks may go beside this machine. */
  webhooks: WebhookPolicy;
  /** Where alerts' e-mail is handed in. */
  mailServer: MailServer | undefined;
}

const port = (fallback: number) =>
  z
    .string()
    .default(String(fallback))
    .refine(
      (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535,
      'must be a port: a whole number from 0 to 65535',
    )
    .transform(Number);

const folder = z.string().transform((path) => resolve(path));

/** `create-server/gatewayListens/before` */
const failpoint = z.string().transform((text, context): Failpoint => {
  const [, operation, step, when] = /^([^/]+)\/([^/]+)\/(before|after|fails)$/.exec(text) ?? [];
  if (operation && step && when) return { operation, step, when: when as Failpoint['when'] };
  context.addIssue({ code: 'custom', message: 'must read operation/step/before, …/after or …/fails' });
  return z.NEVER;
});

/** `hooks.example.com,*.example.org,10.1.2.0/24` */
const webhookHosts = z
  .string()
  .default('')
  .transform((text, context): WebhookPolicy => {
    const entries = text.split(',').flatMap((entry) => entry.trim().toLowerCase() || []);
    const policy = { hosts: [] as string[], networks: [] as { address: string; prefix: number }[] };
    for (const entry of entries) {
      const [address = '', length] = entry.split('/');
      const bits = isIP(address) === 4 ? 32 : 128;
      const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
      if (isIP(address) !== 0 && prefix <= bits) policy.networks.push({ address, prefix });
      else if (length === undefined && /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(entry)) policy.hosts.push(entry);
      else {
        context.addIssue({
          code: 'custom',
          message:
            'must list host names (*.example.com for all below one), addresses or networks such as 10.1.2.0/24, with commas between them',
        });
        return z.NEVER;
      }
    }
    return policy;
  });

/**
 * `smtp://user:password@host:587`, `smtps://host`, `smtp://host?tls=required`. A password goes nowhere without TLS, but to this
 * machine itself.
 */
const smtpUrl = z.string().transform((text, context): Omit<MailServer, 'from' | 'ca'> => {
  const url = URL.parse(text);
  const options = [...(url?.searchParams ?? [])].map(String);
  const isMail = url?.protocol === 'smtp:' || url?.protocol === 'smtps:';
  if (!isMail || !url.hostname || !/^\/?$/.test(url.pathname) || options.some((option) => option !== 'tls,required')) {
    context.addIssue({
      code: 'custom',
      message:
        'must read smtp://user:password@host:587 or smtps://user:password@host:465; ?tls=required insists on STARTTLS',
    });
    return z.NEVER;
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const isHere = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  const always = url.protocol === 'smtps:';
  return {
    host,
    port: url.port ? Number(url.port) : always ? 465 : 587,
    tls: always ? 'always' : options.length > 0 || (url.username && !isHere) ? 'required' : 'offered',
    ...(url.username && { auth: { user: decoded(url.username), pass: decoded(url.password) } }),
  };
});

/** A `%` that encodes nothing is a `%`. */
function decoded(text: string): string {
  return decodeURIComponent(text.replaceAll(/%(?![0-9a-f]{2})/gi, '%25'));
}

const pemFile = folder.transform((path, context): string => {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  } catch {
    // Said below.
  }
  context.addIssue({ code: 'custom', message: 'must be a readable file with a PEM certificate' });
  return z.NEVER;
});

const Environment = z.object({
  FLEXDECK_CLOUD: z
    .literal('Local', 'the control plane serves the Local cloud only; another cloud needs the portal alone')
    .default('Local'),
  FLEXDECK_HOME: folder.optional(),
  FLEXDECK_ARM_PORT: port(8443),
  FLEXDECK_ISSUER_PORT: port(8444),
  FLEXDECK_PORTAL_PORT: port(3000),
  FLEXDECK_MYSQL_BASEDIR: folder.optional(),
  FLEXDECK_RUNTIMES: folder.optional(),
  FLEXDECK_SPARES: z
    .enum(['0', '1'], 'must be 1, or 0 to make no data directory ahead of the server that needs it')
    .default('1')
    .transform((text) => text === '1'),
  FLEXDECK_CPU_LIMITS: z
    .enum(['0', '1'], 'must be 1 to hold servers to their vCores, or 0')
    .default('0')
    .transform((text) => text === '1'),
  FLEXDECK_FAILPOINT: failpoint.optional(),
  FLEXDECK_WEBHOOK_HOSTS: webhookHosts,
  FLEXDECK_SMTP_URL: smtpUrl.optional(),
  FLEXDECK_SMTP_CA: pemFile.optional(),
  FLEXDECK_MAIL_FROM: z.email('must be an e-mail address').default('alerts@flexdeck.localhost'),
  PATH: z.string().default(''),
});

/**
 * Parses the control plane's environment, once. A variable that is set to nothing counts as not set.
 *
 * @param environment the process's own unless a test hands in another.
 * @throws {Error} one message that lists every fault, a line each.
 */
export function readConfig(environment: Record<string, string | undefined> = process.env): ControlPlaneConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path: [name], message }) => {
      // This one may hold a password.
      if (name === 'FLEXDECK_SMTP_URL') return `  FLEXDECK_SMTP_URL: ${message}`;
      return `  ${String(name)}=${given[String(name)]}: ${message}`;
    });
    throw new Error(['The environment has values that Flexdeck cannot use:', ...faults].join('\n'));
  }
  const variables = parsed.data;
  const home = variables.FLEXDECK_HOME ?? defaultHome();
  return {
    home,
    armPort: variables.FLEXDECK_ARM_PORT,
    issuerPort: variables.FLEXDECK_ISSUER_PORT,
    portalPort: variables.FLEXDECK_PORTAL_PORT,
    portalOrigin: `http://localhost:${variables.FLEXDECK_PORTAL_PORT}`,
    mysqlBasedir: variables.FLEXDECK_MYSQL_BASEDIR,
    runtimesFolder: variables.FLEXDECK_RUNTIMES ?? resolve(home, 'runtimes'),
    pathFolders: variables.PATH.split(delimiter).filter(Boolean),
    spares: variables.FLEXDECK_SPARES,
    cpuLimits: variables.FLEXDECK_CPU_LIMITS,
    failpoint: variables.FLEXDECK_FAILPOINT,
    webhooks: variables.FLEXDECK_WEBHOOK_HOSTS,
    mailServer: variables.FLEXDECK_SMTP_URL
      ? { ...variables.FLEXDECK_SMTP_URL, ca: variables.FLEXDECK_SMTP_CA, from: variables.FLEXDECK_MAIL_FROM }
      : undefined,
  };
}

/** As root, servers run as an unprivileged user, who cannot enter `/root`. */
function defaultHome(): string {
  return process.getuid?.() === 0 ? '/var/lib/flexdeck' : resolve(homedir(), '.flexdeck');
}
