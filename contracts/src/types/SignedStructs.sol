// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {JobId} from "./JobId.sol";

/// @dev The structs that are signed as EIP-712 typed data; field order is part of their hash.

/// @param requester Who ordered the job; every refund goes here.
/// @param specDigest SHA-256 of the job spec.
/// @param budget Most that may be put in escrow for this order, denoted in units of the token's decimals.
/// @param expiresAt Unix timestamp from which the order takes no more money.
/// @param salt Random, so that the same spec can be ordered twice.
struct JobOrder {
    address requester;
    bytes32 specDigest;
    uint256 budget;
    uint64 expiresAt;
    bytes32 salt;
}

/// @param action "pause", "resume" or "cancel".
/// @param nonce Must grow, so that no control is repeated.
struct JobControl {
    JobId jobId;
    string action;
    uint64 nonce;
}

/// @param nodeKey The node's session key.
/// @param payoutAddress The wallet that the node's rewards go to.
/// @param expiry Unix timestamp.
struct Delegation {
    address nodeKey;
    address payoutAddress;
    string scopes;
    uint64 expiry;
}

/// @param site The site whose page asked.
/// @param textVersion Version of the text that was agreed to.
struct Consent {
    address nodeKey;
    string site;
    string textVersion;
    uint64 grantedAt;
    uint64 expiresAt;
}

/// @param challenge Random bytes that the relay drew.
struct NodeHello {
    address nodeKey;
    string relayId;
    bytes32 challenge;
}

/// @param leavesRoot Merkle root over the batch's result leaves.
/// @param count Number of leaves.
struct BatchAttestation {
    address nodeKey;
    bytes32 leavesRoot;
    uint32 count;
}

/// @param answersDigest SHA-256 over the index and digest of each chunk that the node recomputed for a check.
struct CheckAnswer {
    address nodeKey;
    bytes32 workUnitId;
    bytes32 answersDigest;
}
