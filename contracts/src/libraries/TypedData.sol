// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {JobId} from "../types/JobId.sol";
import {
    BatchAttestation,
    CheckAnswer,
    Consent,
    Delegation,
    JobControl,
    JobOrder,
    NodeHello
} from "../types/SignedStructs.sol";

/// @dev EIP-712 hashes of the signed structs. Must agree with `packages/protocol/src/base/typed-data.ts`: both read
/// `packages/protocol/vectors/typed-data.json` in their tests.
library TypedData {
    bytes32 internal constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 internal constant JOB_ORDER_TYPE =
        keccak256("JobOrder(address requester,bytes32 specDigest,uint256 budget,uint64 expiresAt,bytes32 salt)");
    bytes32 internal constant JOB_CONTROL_TYPE = keccak256("JobControl(bytes32 jobId,string action,uint64 nonce)");
    bytes32 internal constant DELEGATION_TYPE =
        keccak256("Delegation(address nodeKey,address payoutAddress,string scopes,uint64 expiry)");
    bytes32 internal constant CONSENT_TYPE =
        keccak256("Consent(address nodeKey,string site,string textVersion,uint64 grantedAt,uint64 expiresAt)");
    bytes32 internal constant NODE_HELLO_TYPE =
        keccak256("NodeHello(address nodeKey,string relayId,bytes32 challenge)");
    bytes32 internal constant BATCH_ATTESTATION_TYPE =
        keccak256("BatchAttestation(address nodeKey,bytes32 leavesRoot,uint32 count)");
    bytes32 internal constant CHECK_ANSWER_TYPE =
        keccak256("CheckAnswer(address nodeKey,bytes32 workUnitId,bytes32 answersDigest)");

    /// @param settlement The Settlement contract, which stands for the whole system.
    function hashDomain(uint256 chainId, address settlement) internal pure returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPE, keccak256("Reckon"), keccak256("1"), chainId, settlement));
    }

    /// @return The 32 bytes that are signed.
    function toDigest(bytes32 domainSeparator, bytes32 structHash) internal pure returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(domainSeparator, structHash);
    }

    /// @dev The struct hash of an order is the job's id.
    function toJobId(JobOrder memory order) internal pure returns (JobId) {
        return JobId.wrap(
            keccak256(
                abi.encode(
                    JOB_ORDER_TYPE, order.requester, order.specDigest, order.budget, order.expiresAt, order.salt
                )
            )
        );
    }

    function hashJobOrder(JobOrder memory order) internal pure returns (bytes32) {
        return JobId.unwrap(toJobId(order));
    }

    function hashJobControl(JobControl memory control) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(JOB_CONTROL_TYPE, control.jobId, keccak256(bytes(control.action)), control.nonce)
        );
    }

    function hashDelegation(Delegation memory delegation) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                DELEGATION_TYPE,
                delegation.nodeKey,
                delegation.payoutAddress,
                keccak256(bytes(delegation.scopes)),
                delegation.expiry
            )
        );
    }

    function hashConsent(Consent memory consent) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                CONSENT_TYPE,
                consent.nodeKey,
                keccak256(bytes(consent.site)),
                keccak256(bytes(consent.textVersion)),
                consent.grantedAt,
                consent.expiresAt
            )
        );
    }

    function hashNodeHello(NodeHello memory hello) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(NODE_HELLO_TYPE, hello.nodeKey, keccak256(bytes(hello.relayId)), hello.challenge)
        );
    }

    function hashBatchAttestation(BatchAttestation memory batch) internal pure returns (bytes32) {
        return keccak256(abi.encode(BATCH_ATTESTATION_TYPE, batch.nodeKey, batch.leavesRoot, batch.count));
    }

    function hashCheckAnswer(CheckAnswer memory answer) internal pure returns (bytes32) {
        return keccak256(abi.encode(CHECK_ANSWER_TYPE, answer.nodeKey, answer.workUnitId, answer.answersDigest));
    }
}
