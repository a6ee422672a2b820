import { Button } from '../../ui/button.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { isRunning, lookOfNode, useNodeStatus } from './node-status.ts';
import { pauseNode, startNode, useNode } from './node-store.ts';

/** This tab's status on every page but its own, with the verb that stops it. */
export function NodeStrip() {
  const view = useNode();
  const status = useNodeStatus();
  if (status === undefined) return <div />;
  return (
    <div className="node-strip">
      <div>
        <StatusLine status={status} look={lookOfNode(view.snapshot)}>
          {isRunning(view.snapshot) || view.loading ? (
            <Button size="small" onClick={pauseNode}>
              Pause
            </Button>
          ) : (
            <Button size="small" onClick={() => void startNode()}>
              Start
            </Button>
          )}
        </StatusLine>
      </div>
    </div>
  );
}
