// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TypedData} from "../../src/libraries/TypedData.sol";
import {JobId} from "../../src/types/JobId.sol";
import {
    BatchAttestation,
    Consent,
    Delegation,
    JobControl,
    JobOrder,
    NodeHello
} from "../../src/types/SignedStructs.sol";
import {VectorFile} from "./VectorFile.sol";

/// @dev The library agrees with packages/protocol/src/base/typed-data.ts.
contract TypedDataVectorsTest is VectorFile {
    function setUp() public override {
        load("typed-data.json");
    }

    function test_Domains() public view {
        for (uint256 i = 0; i < count(".domains"); ++i) {
            string memory at = item(".domains", i);
            bytes32 separator = TypedData.hashDomain(readUint(at, ".chainId"), readAddress(at, ".verifyingContract"));
            assertEq(separator, readWord(at, ".separator"), at);
        }
    }

    function test_JobOrder() public view {
        check(".structs.JobOrder", hashJobOrder);
    }

    function test_JobControl() public view {
        check(".structs.JobControl", hashJobControl);
    }

    function test_Delegation() public view {
        check(".structs.Delegation", hashDelegation);
    }

    function test_Consent() public view {
        check(".structs.Consent", hashConsent);
    }

    function test_NodeHello() public view {
        check(".structs.NodeHello", hashNodeHello);
    }

    function test_BatchAttestation() public view {
        check(".structs.BatchAttestation", hashBatchAttestation);
    }

    function check(string memory list, function(string memory) view returns (bytes32) hashMessage) private view {
        for (uint256 i = 0; i < count(list); ++i) {
            string memory at = item(list, i);
            bytes32 structHash = hashMessage(string.concat(at, ".message"));
            assertEq(structHash, readWord(at, ".structHash"), at);
            bytes32[] memory digests = readWords(at, ".digests");
            assertEq(digests.length, count(".domains"), "a digest for each domain");
            for (uint256 d = 0; d < digests.length; ++d) {
                bytes32 separator = readWord(item(".domains", d), ".separator");
                assertEq(TypedData.toDigest(separator, structHash), digests[d], at);
            }
        }
    }

    function hashJobOrder(string memory at) private view returns (bytes32) {
        return TypedData.hashJobOrder(
            JobOrder(
                readAddress(at, ".requester"),
                readWord(at, ".specDigest"),
                readUint(at, ".budget"),
                uint64(readUint(at, ".expiresAt")),
                readWord(at, ".salt")
            )
        );
    }

    function hashJobControl(string memory at) private view returns (bytes32) {
        return TypedData.hashJobControl(
            JobControl(JobId.wrap(readWord(at, ".jobId")), readText(at, ".action"), uint64(readUint(at, ".nonce")))
        );
    }

    function hashDelegation(string memory at) private view returns (bytes32) {
        return TypedData.hashDelegation(
            Delegation(
                readAddress(at, ".nodeKey"),
                readAddress(at, ".payoutAddress"),
                readText(at, ".scopes"),
                uint64(readUint(at, ".expiry"))
            )
        );
    }

    function hashConsent(string memory at) private view returns (bytes32) {
        return TypedData.hashConsent(
            Consent(
                readAddress(at, ".nodeKey"),
                readText(at, ".site"),
                readText(at, ".textVersion"),
                uint64(readUint(at, ".grantedAt")),
                uint64(readUint(at, ".expiresAt"))
            )
        );
    }

    function hashNodeHello(string memory at) private view returns (bytes32) {
        return TypedData.hashNodeHello(
            NodeHello(readAddress(at, ".nodeKey"), readText(at, ".relayId"), readWord(at, ".challenge"))
        );
    }

    function hashBatchAttestation(string memory at) private view returns (bytes32) {
        return TypedData.hashBatchAttestation(
            BatchAttestation(
                readAddress(at, ".nodeKey"), readWord(at, ".leavesRoot"), uint32(readUint(at, ".count"))
            )
        );
    }
}
