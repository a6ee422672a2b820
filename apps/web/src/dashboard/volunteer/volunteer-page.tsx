import { ErrorBox } from '../../ui/states.tsx';
import { nodeStatus } from '../node/node-status.ts';
import { startNode, useNode } from '../node/node-store.ts';
import { usePageTitle } from '../shell/page-title.ts';
import './volunteer.css';
import { Welcome } from './welcome.tsx';
import { Workbench } from './workbench.tsx';

/** The first screen is the product: the network at work and one button; after Start, the work itself. */
export function VolunteerPage() {
  usePageTitle('Volunteer');
  const view = useNode();
  if (view.failure !== undefined) return <ErrorBox error={view.failure} onRetry={() => void startNode()} />;
  return nodeStatus(view) === undefined ? <Welcome /> : <Workbench view={view} />;
}
