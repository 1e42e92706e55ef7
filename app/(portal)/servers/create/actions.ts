'use server';

import * as z from 'zod';
import { ArmError } from '@/lib/arm/error';
import type { ServerKey } from '@/lib/arm/resource-id';
import { armAction } from '@/lib/azure/action';
import { checkNameAvailability } from '@/lib/azure/capabilities';
import { beginPutFirewallRule } from '@/lib/azure/firewall-rules';
import { createResourceGroup } from '@/lib/azure/resource-groups';
import { beginPutServer } from '@/lib/azure/servers';
import type { NamedAddressRange } from '@/lib/rules/address-ranges';
import { createServerFaults, type CreateServerForm } from '@/lib/rules/create-server-form';
import { serverBody } from '@/lib/rules/create-server-request';
import { resourceGroupNameProblem } from '@/lib/rules/names';
import { TIERS } from '@/lib/rules/skus';

/**
 * Sends the server of a filled form; its firewall rules follow once it is there. A PUT on a name that is taken would
 * change the server that has it, so the name is asked for first.
 */
export async function createServer(token: string, input: CreateServerForm) {
  return armAction(token, async (arm) => {
    const form = parseForm(input);
    const availability = await checkNameAvailability(arm, form.subscriptionId, form.serverName);
    if (!availability.nameAvailable) {
      const message = availability.message || `The name “${form.serverName}” is taken. Choose another one.`;
      throw new ArmError('ServerNameAlreadyExists', 409, message, { target: 'serverName' });
    }
    const { operationUrl, resourceId, retryAfterSeconds } = await beginPutServer(
      arm,
      form,
      serverBody(form, form.administratorPassword),
    );
    return { operationUrl, resourceId, retryAfterSeconds };
  });
}

/** Makes a resource group at once. */
export async function createGroup(token: string, input: { subscriptionId: string; name: string; location: string }) {
  return armAction(token, async (arm) => {
    const { subscriptionId, name, location } = Group.parse(input);
    const problem = resourceGroupNameProblem(name);
    if (problem) throw new ArmError('InvalidResourceGroup', 400, problem, { target: 'name' });
    await createResourceGroup(arm, subscriptionId, name, location);
    return { name };
  });
}

/** Puts one of the new server's firewall rules; the same rule twice is the same as once. */
export async function putFirewallRule(token: string, key: ServerKey, input: NamedAddressRange) {
  return armAction(token, async (arm) => {
    const { operationUrl, resourceId, retryAfterSeconds } = await beginPutFirewallRule(
      arm,
      Key.parse(key),
      Rule.parse(input),
    );
    return { operationUrl, resourceId, retryAfterSeconds };
  });
}

const Group = z.object({ subscriptionId: z.string().min(1), name: z.string(), location: z.string().min(1) });
const Key = z.object({
  subscriptionId: z.string().min(1),
  resourceGroup: z.string().min(1),
  serverName: z.string().min(1),
});
const Rule = z.object({ name: z.string().min(1), startIpAddress: z.string(), endIpAddress: z.string() });

/** An emptied number field sends NaN; whether that is wrong depends on what else was chosen. */
const NumberInField = z.union([z.number(), z.nan()]);

const Form: z.ZodType<CreateServerForm> = z.object({
  subscriptionId: z.string(),
  resourceGroup: z.string(),
  serverName: z.string(),
  location: z.string(),
  version: z.string(),
  preset: z.enum(['development', 'production', 'productionLarge', 'custom']),
  tier: z.enum(TIERS),
  skuName: z.string(),
  storageGiB: NumberInField,
  storageAutogrow: z.boolean(),
  iopsMode: z.enum(['included', 'provisioned', 'autoscale']),
  iops: NumberInField,
  backupRetentionDays: NumberInField,
  geoRedundantBackup: z.boolean(),
  availabilityZone: z.string(),
  highAvailability: z.enum(['Disabled', 'SameZone', 'ZoneRedundant']),
  standbyAvailabilityZone: z.string(),
  administratorLogin: z.string(),
  administratorPassword: z.string(),
  confirmPassword: z.string(),
  allowAzureServices: z.boolean(),
  firewallRules: z.array(Rule.extend({ name: z.string() })),
  tags: z.array(z.object({ name: z.string(), value: z.string() })),
});

/** The form is checked again here: whoever calls this need not have filled it in on our page. */
function parseForm(input: unknown): CreateServerForm {
  const parsed = Form.safeParse(input);
  if (!parsed.success) throw new ArmError('InvalidForm', 400, z.prettifyError(parsed.error));
  const faults = createServerFaults(parsed.data, undefined);
  if (faults.length === 0) return parsed.data;
  throw new ArmError('InvalidForm', 400, faults.map(({ message }) => message).join(' '), {
    details: faults.map(({ field, message }) => ({ code: 'InvalidForm', target: field, message })),
  });
}
