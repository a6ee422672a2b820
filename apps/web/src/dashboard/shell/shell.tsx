import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useFreshness } from '../../api/live.ts';
import { Button } from '../../ui/button.tsx';
import { Logo } from '../../ui/logo.tsx';
import { NodeStrip } from '../node/node-strip.tsx';
import { useWasConnected } from '../wallet/wallet-memory.ts';
import { FreshnessMark } from './freshness.tsx';
import './shell.css';
import { ThemeToggle } from './theme-toggle.tsx';

const WalletButton = lazy(() => import('../wallet/wallet-button.tsx'));

const links = [
  { href: '/', name: 'Volunteer' },
  { href: '/jobs', name: 'Jobs' },
  { href: '/jobs/new', name: 'New job' },
  { href: '/rewards', name: 'Rewards' },
  { href: '/network', name: 'Network' },
  { href: '/audit', name: 'Audit' },
] as const;

/** Pages below another one, which have no link of their own in the frame. */
const isCurrent = (href: string, path: string): boolean =>
  href === path ||
  (href === '/jobs' && path.startsWith('/jobs/') && path !== '/jobs/new') ||
  (href === '/network' && path === '/conformance');

/** The frame round every page: where one is, how fresh what one sees is, and what this tab computes. */
export function Shell(props: { children: ReactNode }) {
  const [path] = useLocation();
  const freshness = useFreshness();
  const stale = freshness.state === 'late' || freshness.state === 'reconnecting';
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    // A new page is read from its top; the first is where the browser put it.
    if (!first.current && path) {
      scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
    first.current = false;
  }, [path]);
  return (
    <div className="shell" data-stale={stale || undefined}>
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <header className="shell-head">
        <Link href="/" className="shell-brand" aria-label="Reckon, volunteer page">
          <Logo size={22} />
          <span>Reckon</span>
        </Link>
        <nav aria-label="Pages" className="shell-nav">
          {links.map(({ href, name }) => (
            <Link key={href} href={href} aria-current={isCurrent(href, path) ? 'page' : undefined}>
              {name}
            </Link>
          ))}
        </nav>
        <div className="shell-tools">
          <FreshnessMark freshness={freshness} />
          <ThemeToggle />
          <WalletSlot />
        </div>
      </header>
      {path !== '/' && <NodeStrip />}
      <main id="content" className="shell-main" ref={main} tabIndex={-1}>
        {props.children}
      </main>
    </div>
  );
}

/** Wallet code is loaded by the first press, or on the next visit of somebody who had connected one. */
function WalletSlot() {
  const [pressed, setPressed] = useState(false);
  const connected = useWasConnected();
  const connect = (
    <Button size="small" onClick={() => setPressed(true)} busy={pressed}>
      Connect wallet
    </Button>
  );
  if (!pressed && !connected) return connect;
  return (
    <Suspense fallback={pressed ? connect : null}>
      <WalletButton openAtOnce={pressed} />
    </Suspense>
  );
}
