import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import './dialog.css';

/** A modal with a title; Escape and the cross close it, and focus returns to where it came from. */
export function Dialog(props: { open: boolean; onClose: () => void; title: string; children: ReactNode }) {
  return (
    <Base.Root open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <Base.Portal>
        <Base.Backdrop className="dialog-backdrop" />
        <Base.Popup className="dialog">
          <div className="dialog-head">
            <Base.Title render={<h2 />}>{props.title}</Base.Title>
            <Base.Close className="dialog-close" aria-label="Close">
              <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
                <path d="M3 3l10 10M13 3 3 13" stroke="currentColor" strokeWidth="1.5" />
              </svg>
            </Base.Close>
          </div>
          {props.children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
