// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev EIP-712 struct hash of the requester's `JobOrder`; the same id as in TypeScript.
type JobId is bytes32;
