import type { HaState } from '../store/servers.ts';

export type HaEvent =
  | 'StandbyWanted'
  | 'StandbyCaughtUp'
  | 'StandbyLost'
  | 'StandbyUnwanted'
  | 'StandbyRemoved'
  | 'PrimaryLost'
  | 'PrimaryGivenUp'
  | 'FailoverAsked'
  | 'Promoted'
  | 'NotPromoted'
  | 'ServerStopped'
  | 'ServerStarted';

export interface Transition {
  from: HaState;
  when: HaEvent;
  to: HaState;
  /** What the control plane then does: for people, and for the picture. */
  run: string;
}

/**
 * High availability of one server, all of it. In `Healthy` a standby may be promoted as it is: it has received every
 * commit that was acknowledged, and writers wait for it. In `CreatingStandby` only once the primary is beyond starting, and
 * after it has read the rest from the primary's binary log. The picture in docs/high-availability.md is drawn from this table.
 */
export const TRANSITIONS: readonly Transition[] = [
  { from: 'NotEnabled', when: 'StandbyWanted', to: 'CreatingStandby', run: 'clone the primary, follow it' },
  { from: 'CreatingStandby', when: 'StandbyCaughtUp', to: 'Healthy', run: 'writers wait for the standby' },
  { from: 'CreatingStandby', when: 'StandbyLost', to: 'CreatingStandby', run: 'rejoin or clone it anew' },
  { from: 'CreatingStandby', when: 'PrimaryLost', to: 'CreatingStandby', run: 'start the primary again' },
  { from: 'CreatingStandby', when: 'PrimaryGivenUp', to: 'FailingOver', run: 'read its binary log, promote, switch' },
  { from: 'CreatingStandby', when: 'StandbyUnwanted', to: 'RemovingStandby', run: 'stop and remove it' },
  { from: 'CreatingStandby', when: 'ServerStopped', to: 'Resting', run: 'stop both' },
  { from: 'Healthy', when: 'StandbyLost', to: 'CreatingStandby', run: 'release writers, rejoin or clone it anew' },
  { from: 'Healthy', when: 'PrimaryLost', to: 'FailingOver', run: 'fence, promote, switch' },
  { from: 'Healthy', when: 'FailoverAsked', to: 'FailingOver', run: 'drain, promote, switch' },
  { from: 'Healthy', when: 'StandbyUnwanted', to: 'RemovingStandby', run: 'release writers, stop and remove it' },
  { from: 'Healthy', when: 'ServerStopped', to: 'Resting', run: 'stop both' },
  { from: 'FailingOver', when: 'Promoted', to: 'CreatingStandby', run: 'the old primary rejoins or is cloned anew' },
  { from: 'FailingOver', when: 'NotPromoted', to: 'CreatingStandby', run: 'the old primary goes on' },
  { from: 'RemovingStandby', when: 'StandbyRemoved', to: 'NotEnabled', run: 'nothing' },
  { from: 'Resting', when: 'ServerStarted', to: 'CreatingStandby', run: 'rejoin the standby' },
];

/** @returns undefined when nothing of that kind can happen in that state. */
export function nextState(from: HaState, when: HaEvent): HaState | undefined {
  return TRANSITIONS.find((row) => row.from === from && row.when === when)?.to;
}

/** The table as a picture, in Mermaid's language. */
export function drawStateMachine(): string {
  const lines = TRANSITIONS.map(({ from, when, to, run }) => {
    return `  ${from} --> ${to}: ${inWords(when)} / ${run}`;
  });
  return ['stateDiagram-v2', '  direction TB', '  [*] --> NotEnabled', ...lines, ''].join('\n');
}

function inWords(event: HaEvent): string {
  const words = event.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words[0] + words.slice(1);
}
