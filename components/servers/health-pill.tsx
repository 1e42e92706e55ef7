import { Pill, type Tone } from '@/components/ui/pill';

const TONES: Record<string, Tone> = { Available: 'ok', Degraded: 'warn', Unavailable: 'bad' };

/** `Available`, `Degraded`, `Unavailable`, `Unknown`. */
export function HealthPill({ state }: { state: string }) {
  return <Pill tone={TONES[state] ?? 'off'}>{state}</Pill>;
}
