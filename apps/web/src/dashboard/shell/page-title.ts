import { useEffect } from 'react';
import { statusTitle } from '../../ui/status-line.tsx';
import { useNodeStatus } from '../node/node-status.ts';

/** Names the tab: by the node's state while there is one, else by the page. */
export function usePageTitle(page: string): void {
  const status = useNodeStatus();
  const title = statusTitle(status, page);
  useEffect(() => {
    document.title = title;
  }, [title]);
}
