// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/// @dev The tree of packages/protocol/src/base/merkle.ts, for tests that make claims of their own.
library MerkleMini {
    function hashClaim(address account, uint256 cumulative) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account, cumulative))));
    }

    function root(bytes32[] memory leaves) internal pure returns (bytes32) {
        bytes32[] memory level = leaves;
        if (level.length == 0) return bytes32(0);
        while (level.length > 1) level = parents(level);
        return level[0];
    }

    function path(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory siblings) {
        bytes32[] memory level = leaves;
        siblings = new bytes32[](0);
        while (level.length > 1) {
            if (index ^ 1 < level.length) siblings = push(siblings, level[index ^ 1]);
            level = parents(level);
            index >>= 1;
        }
    }

    function parents(bytes32[] memory level) private pure returns (bytes32[] memory next) {
        next = new bytes32[]((level.length + 1) / 2);
        for (uint256 i = 0; i < next.length; ++i) {
            bool odd = 2 * i + 1 == level.length;
            next[i] = odd ? level[2 * i] : Hashes.commutativeKeccak256(level[2 * i], level[2 * i + 1]);
        }
    }

    function push(bytes32[] memory list, bytes32 item) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i = 0; i < list.length; ++i) {
            longer[i] = list[i];
        }
        longer[list.length] = item;
    }
}
