import { OverviewBlade } from '@/components/overview/overview-blade';
import { deleteServer, resetPassword, restartServer, startServer, stopServer } from './actions';

export default function OverviewPage() {
  return (
    <OverviewBlade
      actions={{ start: startServer, stop: stopServer, restart: restartServer, remove: deleteServer, resetPassword }}
    />
  );
}
