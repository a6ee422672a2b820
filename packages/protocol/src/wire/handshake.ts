import type { Hash, NodeId, Signature } from '../base/ids.ts';
import type { NodeSigner, RecoverAddress } from '../base/ports.ts';
import { hashTypedData, type TypedDomain } from '../base/typed-data.ts';

/** Binds a node's key to this relay and this connection, so that a hello cannot be replayed elsewhere. */
export const signHello = (domain: TypedDomain, signer: NodeSigner, relayId: string, challenge: Hash): Signature =>
  signer.sign(hashTypedData(domain, 'NodeHello', { nodeKey: signer.nodeId, relayId, challenge }));

/** Who signed the hello; compare with the node it names. */
export const recoverHelloSigner = (
  domain: TypedDomain,
  nodeKey: NodeId,
  relayId: string,
  challenge: Hash,
  signature: Signature,
  recover: RecoverAddress,
) => recover(hashTypedData(domain, 'NodeHello', { nodeKey, relayId, challenge }), signature);
