import { describe, expect, it } from 'vitest';
import type { Server } from '../arm/mysql/server.ts';
import { toCsv } from './csv.ts';
import { fleetToCsv } from './fleet-export.ts';
import { countFacet, filterFleet, toFleetServer, type FleetServer } from './fleet.ts';
import { estimateOfServer } from './server-estimate.ts';

function server(name: string, more: Partial<Server> & { state?: string; version?: string } = {}): FleetServer {
  const { state = 'Ready', version = '9.7', ...rest } = more;
  return toFleetServer(
    {
      id: `/subscriptions/s/resourceGroups/Shop/providers/Microsoft.DBforMySQL/flexibleServers/${name}`,
      name,
      location: 'West Europe',
      sku: { name: 'Standard_B1ms', tier: 'Burstable' },
      properties: { state, version, storage: { storageSizeGB: 32, autoIoScaling: 'Enabled' } },
      ...rest,
    },
    'Local subscription',
  )!;
}

const fleet = [
  server('orders', { tags: { environment: 'production', team: 'Shop' } }),
  server('orders-stage', { state: 'Stopped', tags: { environment: 'staging' } }),
  server('reports', { version: '8.4', sku: { name: 'Standard_D2ads_v5', tier: 'GeneralPurpose' } }),
];
const names = (servers: FleetServer[]) => servers.map(({ name }) => name);

describe('filtering servers', () => {
  it('wants every facet, and one of its values, without regard to case', () => {
    expect(names(filterFleet(fleet, { words: '', facets: {} }))).toHaveLength(3);
    expect(names(filterFleet(fleet, { words: '', facets: { state: ['ready', 'stopped'], version: ['9.7'] } }))).toEqual(
      ['orders', 'orders-stage'],
    );
    expect(names(filterFleet(fleet, { words: '', facets: { tag: ['team: shop'] } }))).toEqual(['orders']);
    expect(names(filterFleet(fleet, { words: '', facets: { location: ['westeurope'], tier: ['Nothing'] } }))).toEqual(
      [],
    );
  });

  it('finds every word somewhere, in what people read', () => {
    expect(names(filterFleet(fleet, { words: 'general west', facets: {} }))).toEqual(['reports']);
    expect(names(filterFleet(fleet, { words: 'orders staging', facets: {} }))).toEqual(['orders-stage']);
    expect(names(filterFleet(fleet, { words: 'orders nowhere', facets: {} }))).toEqual([]);
  });

  it('takes ten thousand in its stride', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => server(`server-${index}`));
    const from = performance.now();
    expect(filterFleet(many, { words: '99', facets: { state: ['Ready'] } })).toHaveLength(199 + 81);
    expect(performance.now() - from).toBeLessThan(1000);
  });
});

describe('counting', () => {
  it('has most first, with the words that people read', () => {
    expect(countFacet(fleet, 'tier')).toEqual([
      { value: 'Burstable', label: 'Burstable', count: 2 },
      { value: 'GeneralPurpose', label: 'General Purpose', count: 1 },
    ]);
    expect(countFacet(fleet, 'tag').map(({ value }) => value)).toContain('environment: staging');
  });

  it('keeps a chosen value that nobody has any more', () => {
    expect(countFacet(fleet, 'version', ['5.7', '9.7']).map(({ value, count }) => [value, count])).toEqual([
      ['9.7', 2],
      ['8.4', 1],
      ['5.7', 0],
    ]);
  });
});

describe('cost', () => {
  it('of a stopped server is its storage alone', () => {
    const [running, stopped] = [estimateOfServer(fleet[0]!.server)!, estimateOfServer(fleet[1]!.server)!];
    expect(stopped.compute).toBe(0);
    expect(stopped.total).toBeCloseTo(running.total - running.compute);
    expect(stopped.total).toBeCloseTo(3.68);
  });

  it('is not known for a size without a price', () => {
    expect(estimateOfServer(server('odd', { sku: { name: 'Standard_X1', tier: 'New' } }).server)).toBeUndefined();
  });
});

describe('CSV', () => {
  it('quotes what needs it, and lets no cell be a formula', () => {
    expect(
      toCsv(
        ['a', 'b'],
        [
          ['x,"y"', '=1+1'],
          ['-2', -2],
          ['@SUM(A1)', '+1'],
          ['line\nbreak', undefined],
        ],
      ),
    ).toBe(`a,b\r\n"x,""y""",'=1+1\r\n'-2,-2\r\n'@SUM(A1),'+1\r\n"line\nbreak",\r\n`);
  });

  it('has a line for each server', () => {
    const [header, first, ...rest] = fleetToCsv(fleet).trimEnd().split('\r\n');
    expect(header).toMatch(/^Name,State,Subscription/);
    expect(first).toMatch(
      /^orders,Ready,Local subscription,Shop,westeurope,Burstable,Standard_B1ms,9\.7,Disabled,32,,,environment: production; team: Shop,,/,
    );
    expect(rest).toHaveLength(2);
  });
});
