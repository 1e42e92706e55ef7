import type { CheckFacts } from '../arm/insights/check-facts.ts';
import { addressCount } from './address-ranges.ts';
import { highAvailabilityState } from './high-availability.ts';

export interface Check {
  id: string;
  title: string;
  /** `unknown`: what it needs could not be read, or was not measured. */
  verdict: 'ok' | 'advice' | 'warn' | 'bad' | 'unknown';
  /** What was found, with figures. */
  finding: string;
  /** What to do, and in which blade. */
  fix?: {
    words: string;
    blade:
      | 'overview'
      | 'compute-storage'
      | 'networking'
      | 'high-availability'
      | 'metrics'
      | 'alerts'
      | 'backup'
      | 'connect'
      | 'query-insights';
  };
}

const WHOLE_INTERNET = 2 ** 32;
/** A /8. */
const VERY_WIDE = 2 ** 24;

/** Looks a server over: the worst first. Pure, and of nothing but what was read. */
export function checkServer(facts: CheckFacts, now: number): Check[] {
  const rank: Check['verdict'][] = ['bad', 'warn', 'unknown', 'advice', 'ok'];
  return [
    running(facts),
    storage(facts),
    connections(facts),
    processor(facts),
    memory(facts),
    standby(facts),
    backup(facts),
    firewall(facts),
    ...certificate(facts, now),
    slowQueries(facts),
    failedConnections(facts),
    deadlocks(facts),
    watched(facts),
  ].toSorted((one, other) => rank.indexOf(one.verdict) - rank.indexOf(other.verdict));
}

function running({ state, stateReason }: CheckFacts): Check {
  const check = { id: 'running', title: 'Running' };
  if (state === 'Ready' || state === 'Updating')
    return { ...check, verdict: 'ok', finding: 'MySQL runs and clients are let through.' };
  const bad = state === 'Disabled';
  return {
    ...check,
    verdict: bad ? 'bad' : 'warn',
    finding: stateReason ?? `The server is ${state.toLowerCase()}: nobody can connect.`,
    fix: { words: bad || state === 'Stopped' ? 'Start it' : 'See what is going on', blade: 'overview' },
  };
}

interface Threshold {
  id: string;
  title: string;
  value: number | null | undefined;
  warn: number;
  bad: number;
  words: (value: number) => string;
  fix: Check['fix'];
}

function threshold({ id, title, value, warn, bad, words, fix }: Threshold): Check {
  if (value === null || value === undefined) {
    return { id, title, verdict: 'unknown', finding: 'Nothing was measured in the last hour.' };
  }
  const verdict = value >= bad ? 'bad' : value >= warn ? 'warn' : 'ok';
  return { id, title, verdict, finding: words(value), ...(verdict !== 'ok' && { fix }) };
}

const percent = (value: number) => `${value >= 10 ? Math.round(value) : Math.round(value * 10) / 10} %`;

function storage({ lastHour }: CheckFacts): Check {
  return threshold({
    id: 'storage',
    title: 'Storage',
    value: lastHour?.storagePercent,
    warn: 85,
    bad: 95,
    words: (value) =>
      `${percent(value)} of the storage is used.${value >= 85 ? ' A full server takes no more writes.' : ''}`,
    fix: { words: 'Add storage', blade: 'compute-storage' },
  });
}

function connections({ lastHour, maxConnections }: CheckFacts): Check {
  const most = lastHour?.connections;
  const share = typeof most === 'number' && maxConnections ? (most / maxConnections) * 100 : null;
  return threshold({
    id: 'connections',
    title: 'Connections',
    value: share,
    warn: 80,
    bad: 95,
    words: () => `At most ${Math.round(most ?? 0)} of ${maxConnections} connections were in use in the last hour.`,
    fix: { words: 'Choose a larger size', blade: 'compute-storage' },
  });
}

function processor({ lastHour }: CheckFacts): Check {
  return threshold({
    id: 'cpu',
    title: 'Processor',
    value: lastHour?.cpuPercent,
    warn: 80,
    bad: 95,
    words: (value) => `${percent(value)} busy over the last hour.`,
    fix: { words: 'Look at its metrics', blade: 'metrics' },
  });
}

function memory({ lastHour }: CheckFacts): Check {
  return threshold({
    id: 'memory',
    title: 'Memory',
    value: lastHour?.memoryPercent,
    warn: 90,
    bad: 98,
    words: (value) => `${percent(value)} used over the last hour.`,
    fix: { words: 'Choose a larger size', blade: 'compute-storage' },
  });
}

function standby({ highAvailability: { mode, state }, tier }: CheckFacts): Check {
  const check = { id: 'standby', title: 'High availability' };
  if (mode !== 'Disabled') {
    if (state === 'Healthy') return { ...check, verdict: 'ok', finding: 'The standby is caught up and can take over.' };
    const { words, passing } = highAvailabilityState(state);
    return {
      ...check,
      verdict: passing ? 'warn' : 'bad',
      finding: words,
      fix: { words: 'See the standby', blade: 'high-availability' },
    };
  }
  if (tier === 'Burstable') {
    return { ...check, verdict: 'ok', finding: 'Off; burstable servers have none.' };
  }
  return {
    ...check,
    verdict: 'advice',
    finding: 'Off: while the server fails or is maintained, nobody can connect.',
    fix: { words: 'Enable it', blade: 'high-availability' },
  };
}

function backup({ earliestRestoreDate }: CheckFacts): Check {
  const check = { id: 'backup', title: 'Backup' };
  return earliestRestoreDate
    ? {
        ...check,
        verdict: 'ok',
        finding: `It can be restored to any moment since ${earliestRestoreDate.slice(0, 16).replace('T', ' ')} UTC.`,
      }
    : {
        ...check,
        verdict: 'warn',
        finding: 'There is no restore point: what is lost now is lost.',
        fix: { words: 'Look at its backups', blade: 'backup' },
      };
}

const DAY = 86_400_000;

/** Clients that verify stop connecting when it ends. */
function certificate({ certificate: found }: CheckFacts, now: number): Check[] {
  // The cloud sees to it, and says nothing of it.
  if (found === null) return [];
  const check = { id: 'certificate', title: 'Certificate' };
  if (!found) return [{ ...check, verdict: 'unknown', finding: 'It could not be read.' }];
  const left = Math.floor((Date.parse(found.validTo) - now) / DAY);
  const days = (count: number) => (count === 1 ? 'one day' : `${count} days`);
  const until = found.validTo.slice(0, 10);
  const fix = { words: 'Get the CA’s certificate', blade: 'connect' } as const;
  if (left < 0)
    return [{ ...check, verdict: 'bad', finding: `It ended on ${until}: clients that verify it are refused.`, fix }];
  if (now > Date.parse(found.renewedFrom) + DAY) {
    const finding = `It ends in ${days(left)}, on ${until}, and should have been renewed by now. A restart renews it.`;
    return [{ ...check, verdict: 'warn', finding, fix: { words: 'Restart it', blade: 'overview' } }];
  }
  const renewal = found.renewedFrom.slice(0, 10);
  return [
    {
      ...check,
      verdict: 'ok',
      finding: `Valid until ${until}; renewed by itself from ${renewal} on.`,
    },
  ];
}

function firewall({ isPublic, firewallRules }: CheckFacts): Check {
  const check = { id: 'firewall', title: 'Firewall' };
  if (!isPublic) return { ...check, verdict: 'ok', finding: 'Public access is off.' };
  if (!firewallRules) return { ...check, verdict: 'unknown', finding: 'The rules could not be read.' };
  const fix = { words: 'Edit the rules', blade: 'networking' } as const;
  if (firewallRules.length === 0) {
    return { ...check, verdict: 'warn', finding: 'There is no rule, so nobody can connect.', fix };
  }
  const widest = Math.max(...firewallRules.map((rule) => addressCount(rule) ?? 0));
  if (widest >= WHOLE_INTERNET) {
    return { ...check, verdict: 'bad', finding: 'A rule lets every address of the internet try to sign in.', fix };
  }
  if (widest >= VERY_WIDE) {
    return { ...check, verdict: 'warn', finding: `A rule lets ${widest.toLocaleString('en-US')} addresses in.`, fix };
  }
  return {
    ...check,
    verdict: 'ok',
    finding:
      firewallRules.length === 1
        ? 'One rule, which is not wide open.'
        : `${firewallRules.length} rules, none of them wide open.`,
  };
}

function counted(
  id: string,
  title: string,
  value: number | null | undefined,
  [warn, words]: [number, (value: number) => string],
  fix: Check['fix'] = { words: 'Look at its metrics', blade: 'metrics' },
): Check {
  return threshold({
    id,
    title,
    value,
    warn,
    bad: Number.POSITIVE_INFINITY,
    words: (found) => (found === 0 ? 'None in the last hour.' : words(found)),
    fix,
  });
}

function slowQueries({ lastHour }: CheckFacts): Check {
  return counted(
    'slow',
    'Slow statements',
    lastHour?.slowQueries,
    [
      1,
      (value) =>
        `${value === 1 ? 'One statement' : `${value} statements`} took longer than long_query_time in the last hour.`,
    ],
    { words: 'See which', blade: 'query-insights' },
  );
}

function failedConnections({ lastHour }: CheckFacts): Check {
  return counted('failed', 'Failed connections', lastHour?.failedConnections, [
    10,
    (value) => `${value === 1 ? 'One attempt' : `${value} attempts`} to connect failed in the last hour.`,
  ]);
}

function deadlocks({ lastHour }: CheckFacts): Check {
  return counted('deadlocks', 'Deadlocks', lastHour?.deadlocks, [5, (value) => `${value} in the last hour.`], {
    words: 'See what runs',
    blade: 'query-insights',
  });
}

function watched({ alertRules }: CheckFacts): Check {
  const check = { id: 'watched', title: 'Alert rules' };
  if (alertRules === undefined) return { ...check, verdict: 'unknown', finding: 'The rules could not be read.' };
  return alertRules > 0
    ? { ...check, verdict: 'ok', finding: alertRules === 1 ? 'One rule watches it.' : `${alertRules} rules watch it.` }
    : {
        ...check,
        verdict: 'advice',
        finding: 'Nobody is told when something goes wrong.',
        fix: { words: 'Use the recommended rules', blade: 'alerts' },
      };
}
