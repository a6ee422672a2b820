// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {JobId} from "./JobId.sol";

/// @dev What an epoch takes from one job's escrow. Amounts are denoted in units of the token's decimals.
/// @param amount May be 0 when a job is only closed.
/// @param closing Whether the job has ended, so that the remainder returns to its requester.
struct JobCharge {
    JobId jobId;
    uint256 amount;
    bool closing;
}

/// @dev One job's money as it is stored, in two slots.
/// @param funded Everything ever put in.
/// @param released Everything ever paid out to the settlement; at most `funded`.
struct EscrowRecord {
    // slot 0
    address requester;
    uint64 expiresAt;
    bool closed;
    // slot 1
    uint128 funded;
    uint128 released;
}

/// @dev One job's money as it is read. All zero for a job that was never funded.
/// @param remaining `funded - released` while open; 0 once closed, for it was returned.
struct EscrowView {
    address requester;
    uint64 expiresAt;
    bool closed;
    uint256 funded;
    uint256 released;
    uint256 remaining;
}

/// @dev What was posted for one epoch. `postedAt` is a Unix timestamp, 0 for an epoch that was not posted.
struct EpochRecord {
    bytes32 claimsRoot;
    bytes32 receiptsRoot;
    bytes32 journalRoot;
    uint64 postedAt;
}
