// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {MerkleMini} from "../MerkleMini.sol";
import {VectorFile} from "./VectorFile.sol";

/// @dev OpenZeppelin accepts the trees of packages/protocol/src/base/merkle.ts, and leaves hash as on chain.
contract MerkleVectorsTest is VectorFile {
    function setUp() public override {
        load("merkle.json");
    }

    function test_EveryPathOfEveryTreeLeadsToItsRoot() public view {
        for (uint256 t = 0; t < count(".trees"); ++t) {
            string memory at = item(".trees", t);
            bytes32[] memory leaves = readWords(at, ".leaves");
            bytes32 root = readWord(at, ".root");
            assertEq(MerkleMini.root(leaves), root, at);
            for (uint256 i = 0; i < leaves.length; ++i) {
                bytes32[] memory path = readWords(at, item(".paths", i));
                assertTrue(MerkleProof.verify(path, root, leaves[i]), at);
                assertTrue(!MerkleProof.verify(path, root, keccak256(abi.encode(leaves[i]))), "another leaf");
            }
        }
    }

    function test_ClaimLeaves() public view {
        for (uint256 i = 0; i < count(".claims"); ++i) {
            string memory at = item(".claims", i);
            bytes32 leaf = MerkleMini.hashClaim(readAddress(at, ".account"), readUint(at, ".cumulative"));
            assertEq(leaf, readWord(at, ".leaf"), at);
        }
    }

    function test_ReceiptLeaves() public view {
        for (uint256 i = 0; i < count(".receipts"); ++i) {
            string memory at = item(".receipts", i);
            bytes memory encoded = abi.encode(
                readWord(at, ".workUnitId"),
                readWord(at, ".jobId"),
                readAddress(at, ".nodeId"),
                readWord(at, ".resultDigest"),
                readUint(at, ".reward"),
                uint64(readUint(at, ".epoch"))
            );
            assertEq(keccak256(bytes.concat(keccak256(encoded))), readWord(at, ".leaf"), at);
        }
    }

    function test_ResultLeaves() public view {
        for (uint256 i = 0; i < count(".results"); ++i) {
            string memory at = item(".results", i);
            bytes memory encoded = abi.encode(
                readWord(at, ".workUnitId"),
                readWord(at, ".kernelDigest"),
                readWord(at, ".inputDigest"),
                readWord(at, ".resultDigest"),
                readWord(at, ".traceRoot")
            );
            assertEq(keccak256(bytes.concat(keccak256(encoded))), readWord(at, ".leaf"), at);
        }
    }
}
