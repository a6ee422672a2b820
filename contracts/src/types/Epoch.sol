// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev Number of an accounting period. The first posted epoch is 1; 0 means "none yet".
type Epoch is uint64;

using {next, differs as !=} for Epoch global;

function next(Epoch epoch) pure returns (Epoch) {
    return Epoch.wrap(Epoch.unwrap(epoch) + 1);
}

function differs(Epoch a, Epoch b) pure returns (bool) {
    return Epoch.unwrap(a) != Epoch.unwrap(b);
}
