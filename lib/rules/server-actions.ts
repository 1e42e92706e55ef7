/** What may be done to a server in which state, with the reason that is shown on the button and sent in the API. */

export const SERVER_STATES = ['Ready', 'Updating', 'Starting', 'Stopping', 'Stopped', 'Dropping', 'Disabled'] as const;
export type ServerState = (typeof SERVER_STATES)[number];

export type ServerAction =
  'update' | 'restart' | 'failover' | 'stop' | 'start' | 'delete' | 'firewall' | 'databases' | 'connect';

interface Rule {
  allowedIn: readonly ServerState[];
  /** A sentence with what would enable it; a state without its own entry is a passing one. */
  otherwise: Partial<Record<ServerState, string>>;
}

const STOPPED = 'The server is stopped. Start it first.';
const DROPPING = 'The server is being deleted.';

const RULES: Record<ServerAction, Rule> = {
  update: { allowedIn: ['Ready'], otherwise: { Stopped: STOPPED, Dropping: DROPPING } },
  restart: { allowedIn: ['Ready'], otherwise: { Stopped: STOPPED, Dropping: DROPPING } },
  failover: { allowedIn: ['Ready'], otherwise: { Stopped: STOPPED, Dropping: DROPPING } },
  stop: { allowedIn: ['Ready'], otherwise: { Stopped: 'The server is already stopped.', Dropping: DROPPING } },
  start: {
    allowedIn: ['Stopped', 'Disabled'],
    otherwise: { Ready: 'The server is already running.', Dropping: DROPPING },
  },
  delete: {
    // One that does not come up must not have to be started first.
    allowedIn: ['Ready', 'Starting', 'Stopped', 'Disabled'],
    otherwise: { Dropping: 'The server is already being deleted.' },
  },
  firewall: { allowedIn: ['Ready', 'Updating'], otherwise: { Stopped: STOPPED, Dropping: DROPPING } },
  databases: { allowedIn: ['Ready'], otherwise: { Stopped: STOPPED, Dropping: DROPPING } },
  connect: { allowedIn: ['Ready', 'Updating'], otherwise: { Stopped: STOPPED, Dropping: DROPPING } },
};

const PASSING: Partial<Record<ServerState, string>> = {
  Updating: 'Another change is running. Wait until the server is Ready.',
  Starting: 'The server is starting. Wait until it is Ready.',
  Stopping: 'The server is stopping. Wait until it is Stopped.',
  Disabled: 'The server is disabled: its database process could not be kept running. Start it to try again.',
};

/** Undefined when `action` may be done in `state`; otherwise why not and what would enable it. */
export function actionProblem(action: ServerAction, state: string): string | undefined {
  const rule = RULES[action];
  const known = state as ServerState;
  if (rule.allowedIn.includes(known)) return undefined;
  return rule.otherwise[known] ?? PASSING[known] ?? `Not possible while the server is ${state}.`;
}
