import { ErrorBox } from '../../ui/states.tsx';
import { useNodeStatus } from '../node/node-status.ts';
import { startNode, useNode } from '../node/node-store.ts';
import { usePageTitle } from '../shell/page-title.ts';
import './volunteer.css';
import { Welcome } from './welcome.tsx';
import { Workbench } from './workbench.tsx';

/** The first screen is the product: the network at work and one button; after Start, the work itself. */
export function VolunteerPage() {
  usePageTitle('Volunteer');
  const view = useNode();
  const status = useNodeStatus();
  if (view.failure !== undefined) return <ErrorBox error={view.failure} onRetry={() => void startNode()} />;
  return status === undefined ? <Welcome /> : <Workbench view={view} />;
}
