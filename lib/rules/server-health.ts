/** What is known of a server when its health is told. */
export interface HealthFacts {
  state: string;
  /** A sentence for people. */
  stateReason: string | null;
  /** Whether its mysqld lives. */
  alive: boolean;
  /** Whether clients are let through. */
  open: boolean;
  /** What is being done to it: `restart-server`; undefined when nothing is. */
  operation: string | undefined;
  /** Whether a person asked for that. */
  byPerson: boolean;
  /** `NotEnabled`, `Healthy` … */
  haState: string;
  /** Why it is in that state; where it is `Healthy`, what keeps writers waiting though. A sentence for people. */
  haReason: string | null;
  /** Why the log is not archived now; null: it is. */
  archiveProblem: string | null;
  /** Why the newest test restore failed, a sentence; undefined when it did not. */
  backupProblem: string | undefined;
  /** Why the paired location does not get its copies of the backups, a sentence; undefined when it does. */
  geoProblem: string | undefined;
}

/** In the words of Microsoft.ResourceHealth. */
export interface Health {
  state: 'Available' | 'Degraded' | 'Unavailable';
  /** Why, where it is not Available. */
  reasonType: 'Planned' | 'Unplanned' | 'UserInitiated' | null;
  title: string;
  summary: string;
}

/** Operations during which nobody can connect, and what they are for people. */
const OUTAGES: Readonly<Record<string, string>> = {
  'restart-server': 'is being restarted',
  'stop-server': 'is being stopped',
  'start-server': 'is being started',
  'failover-server': 'is failing over to its standby',
  'resume-server': 'is being started with the control plane',
  'recover-server': 'is being started again',
};

export function isOutage(operation: string): boolean {
  return Object.hasOwn(OUTAGES, operation);
}

/** What an operation that is over meant for those who wanted to connect. */
export function outage(operation: string, byPerson: boolean): Health {
  const words = `The server ${OUTAGES[operation] ?? 'is being changed'}.`;
  if (operation === 'recover-server') {
    return unavailable('Unplanned', 'MySQL ended unexpectedly', `${words} Its database process ended by itself.`);
  }
  if (operation === 'failover-server' && !byPerson) {
    return unavailable('Unplanned', 'The primary was lost', `${words} Clients wait until the standby has taken over.`);
  }
  return unavailable(byPerson ? 'UserInitiated' : 'Planned', words.slice(0, -1), words);
}

/** How a server does; undefined while it is being made or deleted, when that says nothing. */
export function healthOf(facts: HealthFacts): Health | undefined {
  const { state, stateReason, alive, open, operation, byPerson } = facts;
  const { haState, haReason, archiveProblem, backupProblem, geoProblem } = facts;
  if (operation === 'create-server' || operation === 'delete-server' || state === 'Dropping') return undefined;
  if (operation !== undefined && isOutage(operation)) return outage(operation, byPerson);
  if (state === 'Stopped') {
    return unavailable(
      'UserInitiated',
      'The server is stopped',
      stateReason ?? 'Nobody can connect until it is started.',
    );
  }
  if (state === 'Disabled') {
    return unavailable('Unplanned', 'The server could not be kept running', stateReason ?? 'Start it to try again.');
  }
  if (!alive) {
    return operation === undefined
      ? unavailable(
          'Unplanned',
          'MySQL ended unexpectedly',
          'Its database process ended by itself and is being started again.',
        )
      : unavailable(
          byPerson ? 'UserInitiated' : 'Planned',
          'The server is being changed',
          'MySQL restarts on the way.',
        );
  }
  if (!open) {
    return unavailable(
      operation === undefined ? 'Unplanned' : byPerson ? 'UserInitiated' : 'Planned',
      'Clients are not let through',
      stateReason ?? 'The gateway is closed to them.',
    );
  }
  if (!['NotEnabled', 'Healthy', 'Resting', 'RemovingStandby'].includes(haState)) {
    return {
      state: 'Degraded',
      reasonType: byPerson ? 'UserInitiated' : 'Unplanned',
      title: 'High availability is not healthy',
      summary: haReason ?? 'The standby could not take over now. The server itself answers.',
    };
  }
  if (archiveProblem !== null) {
    return {
      state: 'Degraded',
      reasonType: 'Unplanned',
      title: 'The log is not being archived',
      summary: `${archiveProblem} What is written now cannot be restored until the archive goes on.`,
    };
  }
  if (haState === 'Healthy' && haReason) {
    return { state: 'Degraded', reasonType: 'Unplanned', title: 'Writers wait', summary: haReason };
  }
  if (backupProblem !== undefined) {
    return {
      state: 'Degraded',
      reasonType: 'Unplanned',
      title: 'The newest backup could not be restored',
      summary: `The last test restore failed; the server itself answers. ${backupProblem}`,
    };
  }
  if (geoProblem !== undefined) {
    return {
      state: 'Degraded',
      reasonType: 'Unplanned',
      title: 'Backups are not copied to the paired region',
      summary: `They are whole here, and the server answers. It is tried again twice a minute. ${geoProblem}`,
    };
  }
  return {
    state: 'Available',
    reasonType: null,
    title: 'Available',
    summary: 'There are no known problems with this server.',
  };
}

/** What a person can do about it; undefined where there is nothing to do, or nobody need to. In Azure's words: “resource blade”. */
export function recommendedAction({ state, reasonType }: Pick<Health, 'state' | 'reasonType'>): string | undefined {
  if (state === 'Degraded') return 'Open the resource blade and choose Diagnose: it says what is wrong and what to do.';
  if (state === 'Available' || reasonType === 'Planned') return undefined;
  return reasonType === 'UserInitiated'
    ? 'If the server is stopped, open the resource blade and choose Start.'
    : 'If the server does not come back by itself, open the resource blade and choose Start.';
}

function unavailable(reasonType: NonNullable<Health['reasonType']>, title: string, summary: string): Health {
  return { state: 'Unavailable', reasonType, title, summary };
}
