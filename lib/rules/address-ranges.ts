import { addressRangeProblem, formatIpv4, parseIpv4 } from './names.ts';

/** Ranges of IPv4 addresses as firewall rules have them: reading what people paste, and what deserves a second look. */

export interface AddressRange {
  startIpAddress: string;
  endIpAddress: string;
}

export interface NamedAddressRange extends AddressRange {
  name: string;
}

/** ARM's word for “any address inside Azure”: a rule from and to this address. */
export const AZURE_SERVICES_ADDRESS = '0.0.0.0';
export const AZURE_SERVICES_RULE_NAME = 'AllowAllAzureServicesAndResourcesWithinAzureIps';
export const EVERY_ADDRESS: AddressRange = { startIpAddress: '0.0.0.0', endIpAddress: '255.255.255.255' };

export function isAzureServicesRule(range: AddressRange): boolean {
  return range.startIpAddress === AZURE_SERVICES_ADDRESS && range.endIpAddress === AZURE_SERVICES_ADDRESS;
}

/** How many addresses the range holds; undefined when it is no range. */
export function addressCount({ startIpAddress, endIpAddress }: AddressRange): number | undefined {
  if (addressRangeProblem(startIpAddress, endIpAddress)) return undefined;
  return parseIpv4(endIpAddress)! - parseIpv4(startIpAddress)! + 1;
}

/**
 * Reads one address (`203.0.113.7`), a block (`203.0.113.0/24`; bits after the prefix are cleared) or a range
 * (`203.0.113.1-203.0.113.9`, also with `–`, a comma or a blank between).
 *
 * @returns the range, or a sentence on what is wrong.
 */
export function parseAddressRange(text: string): AddressRange | { problem: string } {
  const trimmed = text.trim();
  const block = /^([\d.]+)\s*\/\s*(\d{1,2})$/.exec(trimmed);
  if (block) return parseBlock(block[1]!, Number(block[2]));
  const [start = '', end = start, ...rest] = trimmed.split(/\s*[-–,;]\s*|\s+/).filter((part) => part !== '');
  if (rest.length > 0)
    return { problem: `“${trimmed}” has more than a start and an end. Put each range on a line of its own.` };
  const problem = addressRangeProblem(start, end);
  return problem ? { problem: problem.message } : { startIpAddress: start, endIpAddress: end };
}

function parseBlock(address: string, prefix: number): AddressRange | { problem: string } {
  const value = parseIpv4(address);
  if (value === undefined) return { problem: `“${address}” is not an IPv4 address like 203.0.113.7.` };
  if (prefix > 32) return { problem: `/${prefix} is no IPv4 prefix: it goes from /0 to /32.` };
  const size = 2 ** (32 - prefix);
  const start = Math.floor(value / size) * size;
  return { startIpAddress: formatIpv4(start), endIpAddress: formatIpv4(start + size - 1) };
}

export interface PastedRanges {
  ranges: AddressRange[];
  /** One sentence for each line that is no range. */
  problems: string[];
}

/** Reads a list of addresses, blocks and ranges, one on each line; lines that start with `#` are comments. */
export function parseAddressRanges(text: string): PastedRanges {
  const ranges: AddressRange[] = [];
  const problems: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const content = line.replace(/#.*$/, '').trim();
    if (content === '') continue;
    const parsed = parseAddressRange(content);
    if ('problem' in parsed) problems.push(parsed.problem);
    else ranges.push(parsed);
  }
  return { ranges, problems };
}

/** More addresses than this let in far more than one office or one network does. */
const WIDE = 65_536;

interface ReadRange {
  range: NamedAddressRange;
  from: number;
  to: number;
}

/**
 * What is allowed but deserves a second look, range by range: it lets in very many addresses, or says what another rule
 * says. Undefined where there is nothing to say, or where the range is none. Quick enough for each key stroke in a list of
 * as many rules as a server can have.
 */
export function addressRangeWarnings(ranges: readonly NamedAddressRange[]): (string | undefined)[] {
  const read = ranges.map((range): ReadRange | undefined => {
    const from = parseIpv4(range.startIpAddress);
    const to = parseIpv4(range.endIpAddress);
    if (from === undefined || to === undefined || from > to || isAzureServicesRule(range)) return undefined;
    return { range, from, to };
  });
  return read.map((one) => one && warningOf(one, read));
}

function warningOf(one: ReadRange, others: readonly (ReadRange | undefined)[]): string | undefined {
  const { from, to } = one;
  const count = to - from + 1;
  if (count === 2 ** 32) {
    return 'This lets in every address there is: only passwords stand between your data and the internet.';
  }
  if (count > WIDE) {
    return `This lets in ${count.toLocaleString('en-US')} addresses. Narrow it to those that your clients have.`;
  }
  for (const other of others) {
    if (!other || other === one || other.from > to || other.to < from) continue;
    const name = other.range.name === '' ? 'another rule' : `“${other.range.name}”`;
    if (other.from === from && other.to === to)
      return `${capital(name)} has the same addresses. One of the two is enough.`;
    if (other.from <= from && other.to >= to) return `${capital(name)} already lets in all of these addresses.`;
    if (!(from <= other.from && to >= other.to)) return `It overlaps with ${name}.`;
  }
  return undefined;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A name for a new rule that none of `taken` has, without regard to case: `office`, `office-2`, `office-3` … */
export function freeRuleName(wish: string, taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wish : `${wish}-${number}`;
    if (!used.has(name.toLowerCase())) return name;
  }
}

/** The first rule that lets `address` in. The one for Azure services lets in no address of yours. */
export function ruleFor<Rule extends NamedAddressRange>(address: string, rules: readonly Rule[]): Rule | undefined {
  const value = parseIpv4(address);
  if (value === undefined) return undefined;
  return rules.find((rule) => {
    if (isAzureServicesRule(rule) || addressCount(rule) === undefined) return false;
    return parseIpv4(rule.startIpAddress)! <= value && value <= parseIpv4(rule.endIpAddress)!;
  });
}
