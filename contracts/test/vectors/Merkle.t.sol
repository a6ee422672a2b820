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
            string memory place = item(".trees", t);
            bytes32[] memory leaves = readWords(place, ".leaves");
            bytes32 root = readWord(place, ".root");
            assertEq(MerkleMini.root(leaves), root, place);
            for (uint256 i = 0; i < leaves.length; ++i) {
                bytes32[] memory path = readWords(place, item(".paths", i));
                assertTrue(MerkleProof.verify(path, root, leaves[i]), place);
                assertTrue(!MerkleProof.verify(path, root, keccak256(abi.encode(leaves[i]))), "another leaf");
            }
        }
    }

    function test_ClaimLeaves() public view {
        for (uint256 i = 0; i < count(".claims"); ++i) {
            string memory place = item(".claims", i);
            bytes32 leaf = MerkleMini.hashClaim(readAddress(place, ".account"), readUint(place, ".cumulative"));
            assertEq(leaf, readWord(place, ".leaf"), place);
        }
    }

    function test_ReceiptLeaves() public view {
        for (uint256 i = 0; i < count(".receipts"); ++i) {
            string memory place = item(".receipts", i);
            bytes memory encoded = abi.encode(
                readWord(place, ".workUnitId"),
                readWord(place, ".jobId"),
                readAddress(place, ".nodeId"),
                readWord(place, ".resultDigest"),
                readUint(place, ".reward"),
                uint64(readUint(place, ".epoch"))
            );
            assertEq(keccak256(bytes.concat(keccak256(encoded))), readWord(place, ".leaf"), place);
        }
    }

    function test_ResultLeaves() public view {
        for (uint256 i = 0; i < count(".results"); ++i) {
            string memory place = item(".results", i);
            bytes memory encoded = abi.encode(
                readWord(place, ".workUnitId"),
                readWord(place, ".kernelDigest"),
                readWord(place, ".inputDigest"),
                readWord(place, ".resultDigest"),
                readWord(place, ".traceRoot")
            );
            assertEq(keccak256(bytes.concat(keccak256(encoded))), readWord(place, ".leaf"), place);
        }
    }
}
