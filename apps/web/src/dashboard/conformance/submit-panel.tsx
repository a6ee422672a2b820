import type { AdapterClass, ConformanceFinding, SignedConformanceReport } from '@reckon/protocol/wire/conformance';
import { signConformance } from '@reckon/protocol/wire/conformance';
import { useState } from 'react';
import { Link } from 'wouter';
import { configQuery, keys, queryClient } from '../../api/queries.ts';
import { relay } from '../../api/relay.ts';
import { Button } from '../../ui/button.tsx';
import { CellMark } from '../../ui/cell-mark.tsx';
import { ErrorBox } from '../../ui/states.tsx';
import { browserOf } from './device.ts';

type Step =
  | { name: 'offered' | 'signing' }
  | { name: 'signed' | 'sending' | 'sent'; signed: SignedConformanceReport }
  | { name: 'refused'; signed?: SignedConformanceReport; error: unknown };

interface SubmitProps {
  adapter: AdapterClass | null;
  findings: readonly ConformanceFinding[];
}

/** Makes the report and shows every byte of it; only a second press sends it. */
export function SubmitPanel({ adapter, findings }: SubmitProps) {
  const [step, setStep] = useState<Step>({ name: 'offered' });
  const signed = 'signed' in step ? step.signed : undefined;

  async function sign(): Promise<void> {
    setStep({ name: 'signing' });
    try {
      const { chainId, contracts } = await queryClient.fetchQuery(configQuery);
      const domain = { chainId, verifyingContract: contracts.settlement };
      const { openBrowserKey } = await import('./browser-key.ts');
      const report = signConformance(domain, await openBrowserKey(), {
        measuredAt: Math.floor(Date.now() / 1000),
        adapter,
        browser: browserOf(navigator.userAgent),
        findings: [...findings],
      });
      setStep({ name: 'signed', signed: report });
    } catch (error) {
      setStep({ name: 'refused', error });
    }
  }
  async function send(report: SignedConformanceReport): Promise<void> {
    setStep({ name: 'sending', signed: report });
    try {
      await relay.reportConformance(report);
      setStep({ name: 'sent', signed: report });
      await queryClient.invalidateQueries({ queryKey: keys.conformance });
    } catch (error) {
      setStep({ name: 'refused', signed: report, error });
    }
  }

  return (
    <section className="panel" aria-labelledby="submit-title">
      <h2 id="submit-title">Report it</h2>
      <p>
        A report says which kind of GPU and which browser, in its major version, found how many bits differing, and when
        (<code>measuredAt</code>). It holds no user agent, no name or serial number of a device, and no driver’s
        version. It is signed by the key of this browser’s volunteer identity, the name under which it also computes;
        the key is made and kept here if there is none yet. The relay sees the address that it comes from, as of every
        request, and keeps of it a keyed hash of the network; a report counts for 90 days, and is deleted when newer
        ones need its room. Nobody is paid for it and nothing is decided by it; the{' '}
        <Link href="/network#conformance">Network page</Link> counts it, a key once.
      </p>
      {signed !== undefined && (
        <>
          <h3 id="report-json">{step.name === 'sent' ? 'What was sent' : 'What will be sent, all of it'}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keys */}
          <pre className="mono conformance-json" tabIndex={0} aria-labelledby="report-json">
            {JSON.stringify(signed, null, 2)}
          </pre>
          <p className="quiet small">
            <code>bitsDiffering</code> counts raw bits. Where <code>maxRelativeError</code> is a number the kernel is a
            float kernel: its last bits lawfully differ between devices, and what counts is <code>outside</code>, the
            cases beyond its tolerance. Where it is <code>null</code> every differing bit is a fault.
          </p>
        </>
      )}
      {step.name === 'refused' && <ErrorBox error={step.error} />}
      {step.name === 'sent' ? (
        <p className="conformance-sent" role="status">
          <CellMark look="accepted" size={14} /> Submitted. Thank you.{' '}
          <Link href="/network#conformance">See what others found</Link>
        </p>
      ) : (
        <div className="actions">
          {signed === undefined ? (
            <Button onClick={() => void sign()} busy={step.name === 'signing'}>
              {step.name === 'refused' ? 'Try again' : 'Sign a report and show it'}
            </Button>
          ) : (
            <>
              <Button look="primary" onClick={() => void send(signed)} busy={step.name === 'sending'}>
                {step.name === 'refused' ? 'Submit again' : 'Submit'}
              </Button>
              {step.name === 'refused' && <Button onClick={() => void sign()}>Sign it anew</Button>}
            </>
          )}
        </div>
      )}
    </section>
  );
}
