import { kernelFacts, type KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import type { VerificationPolicy } from '@reckon/protocol/model/policy';
import { policyPrice, policyPromise, type PolicyPrice, type UnitFigures } from '@reckon/protocol/trust/policy-terms';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import { formatBytes, formatDuration } from '../../ui/format.ts';

type Trust = RelayConfig['trust'];

/** While no input is given only the work is shown, which does not depend on it. */
const noFigures: UnitFigures = { runMs: 1000, inputBytes: 0, resultBytes: 0, uplinkKbps: 10_000 };
const times = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 });

/** Under a policy with ε newcomers are checked more than nodes that are known. */
const laterWords = ({ executions, executionsLater }: PolicyPrice): string =>
  executionsLater === undefined || executionsLater > executions * 0.99
    ? ''
    : `; ${times.format(executionsLater)}× once nodes are known`;

/** Promise and price of a policy, in words. */
export function termsOf(
  policy: VerificationPolicy,
  manifest: KernelManifest,
  trust: Trust,
  figures: UnitFigures | undefined,
) {
  const facts = kernelFacts(manifest);
  const price = policyPrice(policy, facts, trust, figures ?? noFigures);
  return {
    promise: policyPromise(policy, facts, trust).words.replaceAll(' %', '\u00a0%'),
    executions: price.executions,
    work: `about ${times.format(price.executions)}× the work of one result${laterWords(price)}`,
    bytes: price.bytes,
    delayMs: price.delayMs,
  };
}

/** What is promised and what it costs, side by side: nobody should see one without the other. */
export function PolicyTerms(props: {
  policy: VerificationPolicy;
  manifest: KernelManifest;
  trust: Trust;
  figures: UnitFigures | undefined;
}) {
  const { policy, manifest, trust, figures } = props;
  const terms = termsOf(policy, manifest, trust, figures);
  return (
    <dl className="policy-terms" aria-label="Terms of this check">
      <div>
        <dt>Promise</dt>
        <dd>{terms.promise}</dd>
      </div>
      <div>
        <dt>Price</dt>
        <dd>
          <ul>
            <li>{terms.work}</li>
            {figures === undefined ? (
              <li className="quiet">extra data and delay follow from the input</li>
            ) : (
              <>
                <li>
                  {terms.bytes === 0 ? 'no extra data' : `about ${formatBytes(terms.bytes)} more data for each unit`}
                </li>
                <li>
                  {terms.delayMs === 0
                    ? 'no added delay'
                    : `each accepted about ${formatDuration(terms.delayMs)} later`}
                </li>
              </>
            )}
          </ul>
        </dd>
      </div>
    </dl>
  );
}
