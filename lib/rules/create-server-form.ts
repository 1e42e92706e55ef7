import { firewallFaults } from './firewall-rules.ts';
import { findEdition, findOfferedSize, type HighAvailabilityMode, type LocationOffer } from './location-offer.ts';
import { administratorLoginProblem, passwordProblem, serverNameProblem } from './names.ts';
import { iopsProblem, retentionProblem } from './storage.ts';
import { findSku, TIER_TEXTS, type Tier } from './skus.ts';
import { MAX_TAGS, tagProblem, type TagField } from './tags.ts';

/** What a person fills in to create a server: plain values, as the fields hold them; NaN is an emptied number field. */
export interface CreateServerForm {
  subscriptionId: string;
  resourceGroup: string;
  serverName: string;
  location: string;
  version: string;
  /** The workload card that was chosen last; `custom` once a value of it was changed. */
  preset: 'development' | 'production' | 'productionLarge' | 'custom';
  tier: Tier;
  skuName: string;
  storageGiB: number;
  storageAutogrow: boolean;
  /** `included`: those that come with the storage; `provisioned`: `iops`; `autoscale`: what the load asks for. */
  iopsMode: 'included' | 'provisioned' | 'autoscale';
  iops: number;
  backupRetentionDays: number;
  geoRedundantBackup: boolean;
  /** Empty: the service chooses. */
  availabilityZone: string;
  highAvailability: 'Disabled' | HighAvailabilityMode;
  /** Empty: the service chooses. */
  standbyAvailabilityZone: string;
  administratorLogin: string;
  administratorPassword: string;
  confirmPassword: string;
  allowAzureServices: boolean;
  firewallRules: { name: string; startIpAddress: string; endIpAddress: string }[];
  tags: TagField[];
}

/** Where a fault is: `tags.2.name`. */
export interface FieldFault {
  field: string;
  message: string;
}

type Path = (string | number)[];
type Report = (path: Path, message: string) => void;

/**
 * The rules of the form, the same as the service's and in the same words; each fault has the field it belongs to, and
 * all of them are told at once. No schema: the browser would have to load its library.
 *
 * @param offer what the chosen location offers; without it (not read yet) only what holds everywhere is checked.
 */
export function createServerFaults(form: CreateServerForm, offer: LocationOffer | undefined): FieldFault[] {
  const faults: FieldFault[] = [];
  const report: Report = (path, message) => faults.push({ field: path.join('.'), message });
  checkBasics(form, report);
  checkSize(form, offer, report);
  checkHighAvailability(form, offer, report);
  for (const { index, field, message } of firewallFaults(form.firewallRules)) {
    report(index === undefined ? ['firewallRules'] : ['firewallRules', index, field ?? 'name'], message);
  }
  checkTags(form, report);
  return faults;
}

const TO_CHOOSE = {
  subscriptionId: 'Choose a subscription.',
  resourceGroup: 'Choose a resource group, or create one.',
  location: 'Choose a region.',
  version: 'Choose a MySQL version.',
  skuName: 'Choose a size.',
} as const;

function checkBasics(form: CreateServerForm, report: Report): void {
  for (const [field, message] of Object.entries(TO_CHOOSE)) {
    if (form[field as keyof typeof TO_CHOOSE] === '') report([field], message);
  }
  const name = form.serverName === '' ? 'Write a server name.' : serverNameProblem(form.serverName);
  if (name) report(['serverName'], name);
  const login =
    form.administratorLogin === ''
      ? 'Write an admin name.'
      : administratorLoginProblem(form.administratorLogin)?.message;
  if (login) report(['administratorLogin'], login);
  const password =
    form.administratorPassword === ''
      ? 'Write a password, or generate one.'
      : passwordProblem(form.administratorPassword, form.administratorLogin)?.message;
  if (password) report(['administratorPassword'], password);
  if (form.confirmPassword !== form.administratorPassword) {
    report(['confirmPassword'], form.confirmPassword === '' ? 'Repeat the password.' : 'The two passwords differ.');
  }
}

function checkSize(form: CreateServerForm, offer: LocationOffer | undefined, report: Report): void {
  const offered = offer && findOfferedSize(offer, form.skuName);
  const sku = offer ? offered?.sku : findSku(form.skuName);
  if (offer && form.version !== '' && !offer.versions.includes(form.version)) {
    report(
      ['version'],
      `MySQL ${form.version} is not offered in this region. Offered: ${offer.versions.join(', ') || 'none'}.`,
    );
  }
  if (form.skuName !== '' && !sku)
    report(['skuName'], `${form.skuName} is not offered in this region. Choose another size.`);
  else if (sku && sku.tier !== form.tier)
    report(['skuName'], `${form.skuName} is not a size of ${TIER_TEXTS[form.tier].label}.`);
  if (offered && form.availabilityZone !== '' && !offered.zones.includes(form.availabilityZone)) {
    report(
      ['availabilityZone'],
      `Zone ${form.availabilityZone} does not have ${form.skuName}. It has: ${offered.zones.join(', ')}.`,
    );
  }

  const edition = offer && findEdition(offer, form.tier);
  const storage = edition?.storage ?? { minGiB: 20, maxGiB: 32768 };
  if (!within(form.storageGiB, storage.minGiB, storage.maxGiB)) {
    const { label } = TIER_TEXTS[form.tier];
    report(
      ['storageGiB'],
      `Storage must be a whole number of GiB from ${storage.minGiB.toLocaleString('en-US')} to ${storage.maxGiB.toLocaleString('en-US')} for ${label}.`,
    );
  }
  if (form.iopsMode === 'provisioned' && sku) {
    const iops = iopsProblem(form.iops, sku);
    if (iops) report(['iops'], iops);
  }

  const days = edition?.backupRetentionDays;
  const retention =
    days && !within(form.backupRetentionDays, days.min, days.max)
      ? `Backup retention must be a whole number of days from ${days.min} to ${days.max}.`
      : retentionProblem(form.backupRetentionDays);
  if (retention) report(['backupRetentionDays'], retention);
  if (form.geoRedundantBackup && offer && offer.geoBackupRegions.length === 0) {
    report(['geoRedundantBackup'], 'Geo-redundant backup is not offered in this region.');
  }
}

function checkHighAvailability(form: CreateServerForm, offer: LocationOffer | undefined, report: Report): void {
  const { highAvailability: mode, standbyAvailabilityZone: standby } = form;
  if (mode === 'Disabled') return;
  const size = offer && findOfferedSize(offer, form.skuName);
  if (offer && !size?.highAvailabilityModes.includes(mode)) {
    report(['highAvailability'], `${form.skuName} has no such high availability in this region.`);
  }
  if (!form.storageAutogrow) report(['storageAutogrow'], 'High availability needs storage that grows by itself.');
  if (standby === '') return;
  if (mode === 'ZoneRedundant' && standby === form.availabilityZone) {
    report(['standbyAvailabilityZone'], 'The standby must be in another zone than the primary.');
  }
  if (size && !size.zones.includes(standby)) {
    report(['standbyAvailabilityZone'], `Zone ${standby} does not have ${form.skuName}.`);
  }
}

function checkTags(form: CreateServerForm, report: Report): void {
  if (form.tags.length > MAX_TAGS) report(['tags'], `A resource has at most ${MAX_TAGS} tags.`);
  const seen = new Set<string>();
  form.tags.forEach((tag, index) => {
    const lower = tag.name.toLowerCase();
    const problem = tagProblem(tag);
    if (problem) report(['tags', index, problem.field], problem.message);
    else if (seen.has(lower)) report(['tags', index, 'name'], `There is already a tag “${tag.name}”.`);
    seen.add(lower);
  });
}

function within(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

export const CREATE_TABS = ['basics', 'networking', 'security', 'tags', 'review'] as const;
export type CreateTab = (typeof CREATE_TABS)[number];

/** The tab on which a field stands. */
export function tabOfField(field: string): CreateTab {
  const [top] = field.split('.');
  if (top === 'firewallRules' || top === 'allowAzureServices') return 'networking';
  if (top === 'tags') return 'tags';
  return 'basics';
}

/** A name that is allowed in place of a reserved one: `root` for the server `shop-eu` gives `shopadmin`. */
export function suggestedAdministratorLogin(serverName: string): string {
  const first = serverName.split('-').find((part) => /^[a-z][a-z0-9]*$/.test(part)) ?? '';
  const suggestion = `${first.slice(0, 24) || 'my'}admin`;
  return administratorLoginProblem(suggestion) ? 'flexadmin' : suggestion;
}
