import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';

/** How the browser signs in: all of it is public. */
export interface SignInConfig {
  clientId: string;
  /** MSAL's authority. With `issuer` it is only a name; the endpoints come from the issuer's own metadata. */
  authority: string;
  /** An OpenID issuer that is not Entra: its metadata is read from `{issuer}/.well-known/openid-configuration`. */
  issuer?: string;
  /** Scopes of an access token for ARM. */
  scopes: string[];
  /** Where people set a password of their own, if they can. */
  passwordPage?: string;
  /** Where the browser must be allowed to connect and to be framed: origins, for the content security policy. */
  origins: string[];
}

/** Where people get the certificate authority that signed the servers' certificates. */
export interface ServerCertificateAuthority {
  /** The portal serves the file itself, or a page of the cloud describes it. */
  kind: 'file' | 'page';
  url: string;
  fileName: string;
}

/** What the portal is told by its environment; nothing below asks which cloud it is on. */
export interface PortalConfig {
  /** "Local cloud", "Azure", … as the top bar has it. */
  cloudName: string;
  /** `https://management.azure.com`: origin without a slash at the end. */
  resourceManagerEndpoint: string;
  /** PEM file of a private authority that signed ARM's certificate. */
  caFile?: string;
  signIn: SignInConfig;
  serverCertificateAuthority: ServerCertificateAuthority;
  /** The portal runs from its sources, rebuilt as they change. */
  development: boolean;
  /** Host names under which the portal answers; absent means any (an ingress in front decides). */
  hostNames?: string[];
}

/** A portal that cannot work as it is set up: every fault at once, a line each. */
export class ConfigurationError extends Error {
  readonly faults: string[];
  constructor(faults: string[]) {
    super(['The portal cannot start with this environment:', ...faults.map((fault) => `  ${fault}`)].join('\n'));
    this.name = 'ConfigurationError';
    this.faults = faults;
  }
}

/** The portal as a client of the local issuer, and the tenant's name in its authority; both are fixed. */
const LOCAL_CLIENT_ID = 'f1e8dec0-0000-4000-8000-000000000001';

const AZURE = {
  AzureCloud: {
    name: 'Azure',
    resourceManager: 'https://management.azure.com',
    login: 'https://login.microsoftonline.com',
  },
  AzureUSGovernment: {
    name: 'Azure US Government',
    resourceManager: 'https://management.usgovcloudapi.net',
    login: 'https://login.microsoftonline.us',
  },
  AzureChinaCloud: {
    name: 'Azure China',
    resourceManager: 'https://management.chinacloudapi.cn',
    login: 'https://login.chinacloudapi.cn',
  },
} as const;

const AZURE_CERTIFICATE_PAGE =
  'https://learn.microsoft.com/azure/mysql/flexible-server/security-tls-how-to-connect#download-the-public-ssl-certificate';

const port = (fallback: number) =>
  z
    .string()
    .default(String(fallback))
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, 'must be a port: a whole number to 65535')
    .transform(Number);

const Local = z.object({
  FLEXDECK_HOME: z.string().optional(),
  FLEXDECK_ARM_PORT: port(8443),
  FLEXDECK_ISSUER_PORT: port(8444),
});

const Azure = z.object({
  AZURE_TENANT_ID: z
    .string('must name the Entra tenant: its id, or a domain of it')
    .regex(/^[A-Za-z0-9.-]+$/, 'must be the id or a domain of an Entra tenant'),
  AZURE_CLIENT_ID: z.guid('must be the application (client) id of the app registration: a GUID'),
});

const Clouds = z.enum(['Local', 'AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'], {
  error: 'must be Local, AzureCloud, AzureUSGovernment or AzureChinaCloud',
});

/** What of the control plane's `ready.json` the portal needs. */
const Ready = z.object({ resourceManagerEndpoint: z.url(), issuer: z.url(), caFile: z.string().optional() });

type Cloud = Omit<PortalConfig, 'development'>;
type Environment = Record<string, string | undefined>;

/**
 * Reads the environment. A variable that is set to nothing counts as not set.
 *
 * @param environment the process's own unless a test hands in another.
 * @throws {ConfigurationError} with every fault.
 */
export function readPortalConfig(environment: Environment = process.env): PortalConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
  const cloud = parse(z.object({ FLEXDECK_CLOUD: Clouds.default('Local') }), given).FLEXDECK_CLOUD;
  const development = given.NODE_ENV === 'development';
  return {
    ...(cloud === 'Local' ? localCloud(parse(Local, given)) : azureCloud(cloud, parse(Azure, given))),
    development,
  };
}

function parse<Schema extends z.ZodType>(schema: Schema, given: Environment): z.infer<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(
    parsed.error.issues.map(({ path: [name], message }) => {
      const value = given[String(name)];
      return `${String(name)}${value === undefined ? '' : `=${value}`}: ${message}`;
    }),
  );
}

function azureCloud(cloud: keyof typeof AZURE, given: z.infer<typeof Azure>): Cloud {
  const { name, resourceManager, login } = AZURE[cloud];
  return {
    cloudName: name,
    resourceManagerEndpoint: resourceManager,
    signIn: {
      clientId: given.AZURE_CLIENT_ID,
      authority: `${login}/${given.AZURE_TENANT_ID}`,
      scopes: [`${resourceManager}/user_impersonation`],
      origins: [login],
    },
    serverCertificateAuthority: { kind: 'page', url: AZURE_CERTIFICATE_PAGE, fileName: 'ca.pem' },
  };
}

/** The control plane on this machine: where it says that it is, or (while it restarts) where it was told to be. */
function localCloud(given: z.infer<typeof Local>): Cloud {
  const home = resolve(given.FLEXDECK_HOME ?? defaultHome());
  const ready = readReady(join(home, 'ready.json'));
  const issuer = ready?.issuer ?? `http://localhost:${given.FLEXDECK_ISSUER_PORT}`;
  return {
    cloudName: 'Local cloud',
    resourceManagerEndpoint: (ready?.resourceManagerEndpoint ?? `https://localhost:${given.FLEXDECK_ARM_PORT}`).replace(
      /\/$/,
      '',
    ),
    caFile: ready?.caFile ?? join(home, 'ca.pem'),
    signIn: {
      clientId: LOCAL_CLIENT_ID,
      // MSAL wants https here; with the issuer's metadata it is a name that nobody calls.
      authority: issuer.replace(/^http:/, 'https:').replace(/\/$/, ''),
      issuer: issuer.replace(/\/$/, ''),
      scopes: ['user_impersonation'],
      passwordPage: `${issuer.replace(/\/$/, '')}/password`,
      origins: [new URL(issuer).origin],
    },
    serverCertificateAuthority: { kind: 'file', url: '/api/ca-certificate', fileName: 'flexdeck-ca.pem' },
    hostNames: ['localhost', '127.0.0.1', '[::1]'],
  };
}

const readyFiles = new Map<string, { modified: number; ready: z.infer<typeof Ready> }>();

/** Read again when it changed: the control plane may come back on other ports. */
function readReady(file: string): z.infer<typeof Ready> | undefined {
  if (!existsSync(file)) return undefined;
  const modified = statSync(file).mtimeMs;
  const known = readyFiles.get(file);
  if (known?.modified === modified) return known.ready;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // It is being written just now: the ports that we were told are as good.
    return undefined;
  }
  const parsed = Ready.safeParse(content);
  if (!parsed.success) return undefined;
  readyFiles.set(file, { modified, ready: parsed.data });
  return parsed.data;
}

/** As the control plane has it: as root, servers run as an unprivileged user, who cannot enter `/root`. */
function defaultHome(): string {
  return process.getuid?.() === 0 ? '/var/lib/flexdeck' : join(homedir(), '.flexdeck');
}
