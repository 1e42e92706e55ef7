import { describe, expect, it } from 'vitest';
import { operationUrl, pinnedTo } from './pinned-url.ts';

const endpoint = 'https://localhost:8443';
const subscription = '/subscriptions/5c4f2a40-0000-0000-0000-000000000001';

describe('links that came from outside', () => {
  it('stay at the Resource Manager', () => {
    expect(pinnedTo(endpoint, `${endpoint}${subscription}/servers?$skipToken=2`)).toContain('skipToken=2');
    for (const foreign of [
      'https://localhost:8444/subscriptions',
      'http://localhost:8443/subscriptions',
      'https://localhost:8443.evil.example/subscriptions',
      'https://localhost:8443@evil.example/subscriptions',
      'https://user:pw@localhost:8443/subscriptions',
      '//evil.example/x',
      'javascript:alert(1)',
      '',
    ]) {
      expect(() => pinnedTo(endpoint, foreign), foreign).toThrow(
        expect.objectContaining({ code: 'ForeignUrl', status: 400 }),
      );
    }
  });

  it('lead to the status of an operation and to nothing else', () => {
    for (const path of [
      `${subscription}/providers/Microsoft.DBforMySQL/locations/North%20Europe/azureAsyncOperation/9ab0?api-version=2024-12-30`,
      `${subscription}/providers/Microsoft.DBforMySQL/locations/eastus/operationResults/9ab0?api-version=2024-12-30`,
      `${subscription}/operationresults/eyJqb2JJZCI6?api-version=2024-11-01`,
    ]) {
      expect(operationUrl(endpoint, `${endpoint}${path}`)).toBe(`${endpoint}${path}`);
    }
    for (const path of [
      subscription,
      `${subscription}/resourceGroups/shop/providers/Microsoft.DBforMySQL/flexibleServers/orders`,
      `${subscription}/providers/Microsoft.DBforMySQL/locations/eastus/azureAsyncOperation/../../../../../tenants`,
      `${subscription}/providers/Microsoft.DBforMySQL/locations/eastus/capabilities/azureAsyncOperation/x/y`,
    ]) {
      expect(() => operationUrl(endpoint, `${endpoint}${path}`), path).toThrow(
        expect.objectContaining({ code: 'ForeignUrl' }),
      );
    }
  });
});
