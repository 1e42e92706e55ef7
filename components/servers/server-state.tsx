import { Pill, type Tone } from '@/components/ui/pill';

const TONES: Record<string, Tone> = { Ready: 'ok', Stopped: 'off', Disabled: 'bad' };

/** States that pass by themselves; everything else stays until somebody acts. */
export function isPassingState(state: string | null | undefined): boolean {
  return state !== undefined && state !== null && !(state in TONES);
}

/** A server's state in ARM's word. */
export function ServerStatePill({ state }: { state: string | null | undefined }) {
  if (!state) return null;
  return (
    <Pill tone={TONES[state] ?? 'accent'} busy={isPassingState(state)}>
      {state}
    </Pill>
  );
}
