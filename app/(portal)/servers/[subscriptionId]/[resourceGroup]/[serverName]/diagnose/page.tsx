import { DiagnoseBlade } from '@/components/diagnose/diagnose-blade';

export default function DiagnosePage() {
  return <DiagnoseBlade />;
}
