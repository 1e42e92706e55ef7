import { Pill, type Tone } from '@/components/ui/pill';
import { SEVERITIES } from '@/lib/rules/alerts';

const TONES: readonly Tone[] = ['bad', 'bad', 'warn', 'accent', 'off'];

/** @param severity a number, or Azure's `Sev2`. */
export function Severity({ severity }: { severity: number | string }) {
  const level = typeof severity === 'number' ? severity : Number(severity.replace(/\D/g, ''));
  return (
    <Pill tone={TONES[level] ?? 'off'}>
      {level} {SEVERITIES[level]}
    </Pill>
  );
}

export function MonitorCondition({ condition }: { condition: string }) {
  return condition === 'Fired' ? <Pill tone="bad">Fired</Pill> : <Pill tone="ok">Resolved</Pill>;
}
