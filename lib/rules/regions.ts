/** Locations of the local cloud: Azure's names, three zones each, and the paired location of geo-redundancy. */
export interface Region {
  name: string;
  displayName: string;
  paired: string;
  zones: readonly string[];
}

const ZONES = ['1', '2', '3'] as const;

export const REGIONS: readonly Region[] = (
  [
    ['eastus', 'East US', 'westus'],
    ['eastus2', 'East US 2', 'centralus'],
    ['centralus', 'Central US', 'eastus2'],
    ['westus', 'West US', 'eastus'],
    ['westus2', 'West US 2', 'westus3'],
    ['westus3', 'West US 3', 'westus2'],
    ['northeurope', 'North Europe', 'westeurope'],
    ['westeurope', 'West Europe', 'northeurope'],
    ['uksouth', 'UK South', 'northeurope'],
    ['francecentral', 'France Central', 'germanywestcentral'],
    ['germanywestcentral', 'Germany West Central', 'francecentral'],
    ['southeastasia', 'Southeast Asia', 'eastasia'],
    ['eastasia', 'East Asia', 'southeastasia'],
    ['australiaeast', 'Australia East', 'southeastasia'],
    ['japaneast', 'Japan East', 'southeastasia'],
    ['brazilsouth', 'Brazil South', 'eastus'],
  ] as const
).map(([name, displayName, paired]) => ({ name, displayName, paired, zones: ZONES }));

/** ARM takes `West Europe` and `westeurope` for the same location. */
export function findRegion(location: string): Region | undefined {
  const wanted = location.replaceAll(' ', '').toLowerCase();
  return REGIONS.find((region) => region.name === wanted);
}
