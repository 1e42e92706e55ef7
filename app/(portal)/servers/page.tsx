import { BrowseBlade } from '@/components/browse/browse-blade';
import {
  deleteServer,
  restartServer,
  startServer,
  stopServer,
} from './[subscriptionId]/[resourceGroup]/[serverName]/overview/actions';
import { tagServer } from './actions';

export default function ServersPage() {
  return (
    <BrowseBlade
      actions={{ start: startServer, stop: stopServer, restart: restartServer, remove: deleteServer, tag: tagServer }}
    />
  );
}
