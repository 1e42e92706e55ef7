import { ServerParametersBlade } from '@/components/server-parameters/server-parameters-blade';
import { restartServer } from '../overview/actions';
import { updateParameters } from './actions';

export default function ServerParametersPage() {
  return <ServerParametersBlade actions={{ update: updateParameters, restart: restartServer }} />;
}
