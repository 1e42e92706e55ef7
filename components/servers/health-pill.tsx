import { Pill, type Tone } from '@/components/ui/pill';

const TONES: Record<string, Tone> = { Available: 'ok', Degraded: 'warn', Unavailable: 'bad' };

interface HealthPillProps {
  /** `Available`, `Degraded`, `Unavailable`, `Unknown`. */
  state: string;
  /** Azure writes it in several ways: `User Initiated`, `UserInitiated`. */
  reasonType?: string | null;
}

/** How a server does. What somebody wanted (it was stopped) is no alarm. */
export function HealthPill({ state, reasonType }: HealthPillProps) {
  const wanted = reasonType?.replaceAll(' ', '').toLowerCase() === 'userinitiated';
  return <Pill tone={state !== 'Available' && wanted ? 'off' : (TONES[state] ?? 'off')}>{state}</Pill>;
}
