import { useSyncExternalStore } from 'react';
import './toast.css';

interface Toast {
  id: number;
  text: string;
}

const SHOWN_MS = 6000;
let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Reports what has happened. Toasts never ask, and never carry what a person must not miss. */
export function report(text: string): void {
  const toast = { id: nextId++, text };
  set([...toasts.slice(-2), toast]);
  setTimeout(() => set(toasts.filter((each) => each.id !== toast.id)), SHOWN_MS);
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className="toasts" role="status">
      {shown.map((toast) => (
        <p key={toast.id} className="toast">
          {toast.text}
        </p>
      ))}
    </div>
  );
}
