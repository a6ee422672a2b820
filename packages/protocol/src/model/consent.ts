import * as v from 'valibot';
import { NodeId, Signature } from '../base/ids.ts';
import type { NodeSigner, RecoverAddress } from '../base/ports.ts';
import { hashTypedData, type TypedDomain } from '../base/typed-data.ts';
import { Seconds } from '../base/units.ts';

/** The consent text in force; a new text asks again. */
export const CONSENT_TEXT_VERSION = '2026-11';
/** Longest life of one consent: 24 hours. */
export const CONSENT_MAX_SECONDS = 24 * 60 * 60;

/**
 * A person's agreement to compute, signed by the node's session key. `site` is a registered site's id for a widget,
 * `self` on the volunteer page, `headless` for a node its operator started.
 */
export const SignedConsent = v.strictObject({
  nodeKey: NodeId,
  site: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  textVersion: v.pipe(v.string(), v.minLength(1), v.maxLength(16)),
  grantedAt: Seconds,
  expiresAt: Seconds,
  signature: Signature,
});
export type SignedConsent = v.InferOutput<typeof SignedConsent>;

export function signConsent(domain: TypedDomain, signer: NodeSigner, site: string, now: Seconds): SignedConsent {
  const consent = {
    nodeKey: signer.nodeId,
    site,
    textVersion: CONSENT_TEXT_VERSION,
    grantedAt: now,
    expiresAt: now + CONSENT_MAX_SECONDS,
  };
  return { ...consent, signature: signer.sign(hashTypedData(domain, 'Consent', consent)) };
}

/** Why a consent gives no right to lease, or undefined when it does. Times in seconds; 60 s of clock skew is forgiven. */
export function consentProblem(
  domain: TypedDomain,
  consent: SignedConsent,
  nodeId: NodeId,
  now: Seconds,
  recover: RecoverAddress,
): string | undefined {
  const { signature, ...message } = consent;
  if (consent.nodeKey !== nodeId) return 'it is by another node';
  if (consent.textVersion !== CONSENT_TEXT_VERSION)
    return `its text is ${consent.textVersion}, not ${CONSENT_TEXT_VERSION}`;
  if (consent.expiresAt - consent.grantedAt > CONSENT_MAX_SECONDS) return 'it lasts longer than 24 hours';
  if (consent.grantedAt > now + 60) return 'it is dated in the future';
  if (consent.expiresAt <= now) return 'it has ended';
  if (recover(hashTypedData(domain, 'Consent', message), signature) !== nodeId)
    return 'its signature is not by the node';
  return undefined;
}
