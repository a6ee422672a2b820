import { ReckonError } from '@reckon/protocol/base/errors';
import type { Hash } from '@reckon/protocol/base/ids';
import { consentProblem } from '@reckon/protocol/model/consent';
import type { KernelRef } from '@reckon/protocol/model/kernel-manifest';
import { recoverHelloSigner } from '@reckon/protocol/wire/handshake';
import { type NodeMessage, WIRE_VERSION } from '@reckon/protocol/wire/messages';
import { checkKernel, type KernelCatalogue } from '../kernels.ts';
import type { SessionPorts } from './ports.ts';

export type Hello = Extract<NodeMessage, { type: 'hello' }>;

const SITE_OF_KIND = { tab: 'self', headless: 'headless', house: 'headless' } as const;

function checkSite(ports: SessionPorts, hello: Hello): void {
  const { site } = hello.consent;
  const known = hello.kind === 'widget' ? ports.isSite(site) : site === SITE_OF_KIND[hello.kind];
  if (!known) throw new ReckonError('SITE_UNKNOWN', { site });
}

function checkConsent(ports: SessionPorts, { consent, nodeId }: Hello): void {
  const now = Math.floor(ports.clock.now() / 1000);
  const reason = consentProblem(ports.domain, consent, nodeId, now, ports.recover);
  if (reason === undefined) return;
  if (consent.expiresAt <= now) {
    throw new ReckonError('CONSENT_EXPIRED', { expiredAt: new Date(consent.expiresAt * 1000).toISOString() });
  }
  throw new ReckonError('CONSENT_MISSING', { reason });
}

/** The node's kernels that are served here. @throws {ReckonError} KERNEL_* for the first one when none is. */
function servedOf(catalogue: KernelCatalogue, kernels: readonly KernelRef[]): KernelRef[] {
  const served = kernels.filter((own) =>
    catalogue.refs.some((ref) => ref.name === own.name && ref.digest === own.digest),
  );
  if (served.length === 0) checkKernel(catalogue, kernels[0] as KernelRef);
  return served;
}

/**
 * Who is there, may it be here, what can it run: the served part of its capabilities.
 * @throws {ReckonError} PROTOCOL_VERSION, SIGNATURE_INVALID, CONSENT_MISSING, CONSENT_EXPIRED, SITE_UNKNOWN, KERNEL_*.
 */
export function checkHello(ports: SessionPorts, challenge: Hash, hello: Hello): Hello['capabilities'] {
  if (hello.v !== WIRE_VERSION)
    throw new ReckonError('PROTOCOL_VERSION', { expected: WIRE_VERSION, received: hello.v });
  const { nodeId, signature } = hello;
  const relayId = ports.coordinator.state.constants?.relayId ?? '';
  const signer = recoverHelloSigner(ports.domain, nodeId, relayId, challenge, signature, ports.recover);
  if (signer !== nodeId) {
    throw new ReckonError('SIGNATURE_INVALID', { what: 'hello', expected: nodeId, received: signer ?? 'nobody' });
  }
  checkConsent(ports, hello);
  checkSite(ports, hello);
  return { ...hello.capabilities, kernels: servedOf(ports.kernels, hello.capabilities.kernels) };
}
