import { describe, expect, it } from 'vitest';
import { toBicep } from './change-bicep.ts';
import { secretInShell, type ChangeDescription } from './change-description.ts';
import { toAzureCli, toRest } from './change-formats.ts';
import { toTerraform } from './change-terraform.ts';

const group = '/subscriptions/5c4f2a40-0000-0000-0000-000000000001/resourceGroups/shop';
const serverId = `${group}/providers/Microsoft.DBforMySQL/flexibleServers/orders`;
const secret = "Tr0ub4dor&'3";

const create: ChangeDescription = {
  resourceId: serverId,
  apiVersion: '2024-12-30',
  method: 'PUT',
  body: {
    location: 'eastus',
    tags: { 'cost center': '42' },
    sku: { name: 'Standard_B1ms', tier: 'Burstable' },
    properties: {
      administratorLogin: 'shopadmin',
      administratorLoginPassword: secret,
      storage: { storageSizeGB: 20 },
      version: "9.7${x}'",
    },
  },
  azCommand: `az mysql flexible-server create --name orders --admin-password ${secretInShell('administratorLoginPassword')}`,
  changes: [],
  further: [
    {
      resourceId: `${serverId}/firewallRules/office`,
      apiVersion: '2024-12-30',
      method: 'PUT',
      body: { properties: { startIpAddress: '203.0.113.0', endIpAddress: '203.0.113.9' } },
      azCommand: 'az mysql flexible-server firewall-rule create --name orders --rule-name office',
    },
  ],
};

describe('a change as code', () => {
  it('never holds a secret, in any form', () => {
    const careless = {
      ...create,
      further: [],
      azCommand: `az mysql flexible-server create --admin-password '${secret}'`,
    };
    for (const text of [
      toAzureCli(create),
      toAzureCli(careless),
      toRest(create),
      toBicep(create),
      toTerraform(create),
    ]) {
      expect(text).not.toContain('Tr0ub4dor');
      expect(text).toMatch(/administratorLoginPassword|ADMINISTRATOR_LOGIN_PASSWORD|administrator_login_password/);
    }
    expect(toAzureCli(careless)).toBe(
      'az mysql flexible-server create --admin-password "$ADMINISTRATOR_LOGIN_PASSWORD"',
    );
  });

  it('is a REST request to the endpoint in force', () => {
    const [head, ...rest] = toRest(create, 'https://localhost:8443/').split('\n\n');
    expect(head).toBe(
      `PUT https://localhost:8443${serverId}?api-version=2024-12-30\nAuthorization: Bearer <access token>\nContent-Type: application/json`,
    );
    expect(JSON.parse(rest[0]!)).toMatchObject({
      location: 'eastus',
      properties: { administratorLoginPassword: '<administratorLoginPassword>' },
    });
    expect(rest[1]).toContain(`PUT https://localhost:8443${serverId}/firewallRules/office?api-version=2024-12-30`);
  });

  it('is Bicep whose rule lies in the server that the same file makes', () => {
    expect(toBicep(create)).toBe(`@secure()
param administratorLoginPassword string

resource flexibleServer 'Microsoft.DBforMySQL/flexibleServers@2024-12-30' = {
  name: 'orders'
  location: 'eastus'
  tags: {
    'cost center': '42'
  }
  sku: {
    name: 'Standard_B1ms'
    tier: 'Burstable'
  }
  properties: {
    administratorLogin: 'shopadmin'
    administratorLoginPassword: administratorLoginPassword
    storage: {
      storageSizeGB: 20
    }
    version: '9.7\\\${x}\\''
  }
}

resource firewallRule 'Microsoft.DBforMySQL/flexibleServers/firewallRules@2024-12-30' = {
  parent: flexibleServer
  name: 'office'
  properties: {
    startIpAddress: '203.0.113.0'
    endIpAddress: '203.0.113.9'
  }
}`);
  });

  it('names the existing server in Bicep where only a child changes', () => {
    const rule: ChangeDescription = { ...create.further![0]!, changes: [] };
    expect(toBicep(rule)).toContain(
      `resource flexibleServer 'Microsoft.DBforMySQL/flexibleServers@2024-12-30' existing = {\n  name: 'orders'\n}`,
    );
    expect(toBicep(rule)).toContain('parent: flexibleServer');
  });

  it('is Terraform with the parent by reference, and location and tags outside the body', () => {
    const text = toTerraform(create);
    expect(text).toContain('variable "administrator_login_password" {\n  type      = string\n  sensitive = true\n}');
    expect(text).toContain(`resource "azapi_resource" "flexible_server" {
  type      = "Microsoft.DBforMySQL/flexibleServers@2024-12-30"
  parent_id = "${group}"
  name      = "orders"
  location  = "eastus"
  tags      = {
    "cost center" = "42"
  }
  body      = {
    sku        = {`);
    expect(text).toContain('administratorLoginPassword = var.administrator_login_password');
    expect(text).toContain('"9.7$${x}\'"');
    expect(text).toContain('parent_id = azapi_resource.flexible_server.id');
  });

  it('turns a PATCH into an update and an action into an action', () => {
    const patch: ChangeDescription = {
      resourceId: serverId,
      apiVersion: '2024-12-30',
      method: 'PATCH',
      body: { properties: { backup: { backupRetentionDays: 14 } } },
      azCommand: 'az mysql flexible-server update --backup-retention 14',
      changes: [{ label: 'Retention', from: '7 days', to: '14 days' }],
    };
    expect(toTerraform(patch)).toContain(`resource "azapi_update_resource" "flexible_server" {
  type        = "Microsoft.DBforMySQL/flexibleServers@2024-12-30"
  resource_id = "${serverId}"`);
    expect(toBicep(patch)).toMatch(/^\/\/ Only what changes/);

    const restart: ChangeDescription = {
      ...patch,
      method: 'POST',
      action: 'restart',
      body: { restartWithFailover: 'Disabled' },
    };
    expect(toRest(restart)).toContain(`POST https://management.azure.com${serverId}/restart?api-version=2024-12-30`);
    expect(toTerraform(restart)).toContain('action      = "restart"');
    expect(toBicep(restart)).toContain('use az or REST to restart orders');

    const remove: ChangeDescription = { ...patch, method: 'DELETE', body: undefined };
    expect(toRest(remove)).not.toContain('Content-Type');
    expect(toTerraform(remove)).toContain('terraform destroy -target=azapi_resource.flexible_server');
    expect(toBicep(remove)).toContain('Take orders out of your template');
  });

  it('deploys a resource group to its subscription', () => {
    const made: ChangeDescription = {
      resourceId: group,
      apiVersion: '2024-11-01',
      method: 'PUT',
      body: { location: 'eastus' },
      azCommand: 'az group create --name shop --location eastus',
      changes: [],
    };
    expect(toBicep(made)).toMatch(
      /^targetScope = 'subscription'\n\nresource resourceGroup 'Microsoft\.Resources\/resourceGroups@2024-11-01'/,
    );
    expect(toTerraform(made)).toContain('parent_id = "/subscriptions/5c4f2a40-0000-0000-0000-000000000001"');
  });
});

it('puts an extension on the resource that it is about', () => {
  const server = '/subscriptions/s/resourceGroups/shop/providers/Microsoft.DBforMySQL/flexibleServers/orders';
  const change = {
    resourceId: `${server}/providers/Microsoft.Authorization/locks/keep`,
    apiVersion: '2020-05-01',
    method: 'PUT' as const,
    body: { properties: { level: 'CanNotDelete' } },
    azCommand: 'az lock create',
    changes: [],
  };
  const bicep = toBicep(change);
  expect(bicep).toContain("resource flexibleServer 'Microsoft.DBforMySQL/flexibleServers@2024-12-30' existing");
  expect(bicep).toContain("resource lock 'Microsoft.Authorization/locks@2020-05-01' = {\n  scope: flexibleServer\n");
  expect(toTerraform(change)).toContain(`parent_id = "${server}"`);
});
