// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TypedData} from "../../src/libraries/TypedData.sol";
import {JobId} from "../../src/types/JobId.sol";
import {
    BatchAttestation,
    CheckAnswer,
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
            string memory place = item(".domains", i);
            bytes32 separator = TypedData.hashDomain(readUint(place, ".chainId"), readAddress(place, ".verifyingContract"));
            assertEq(separator, readWord(place, ".separator"), place);
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

    function test_CheckAnswer() public view {
        check(".structs.CheckAnswer", hashCheckAnswer);
    }

    function check(string memory list, function(string memory) view returns (bytes32) hashMessage) private view {
        for (uint256 i = 0; i < count(list); ++i) {
            string memory place = item(list, i);
            bytes32 structHash = hashMessage(string.concat(place, ".message"));
            assertEq(structHash, readWord(place, ".structHash"), place);
            bytes32[] memory digests = readWords(place, ".digests");
            assertEq(digests.length, count(".domains"), "a digest for each domain");
            for (uint256 d = 0; d < digests.length; ++d) {
                bytes32 separator = readWord(item(".domains", d), ".separator");
                assertEq(TypedData.toDigest(separator, structHash), digests[d], place);
            }
        }
    }

    function hashJobOrder(string memory place) private view returns (bytes32) {
        return TypedData.hashJobOrder(
            JobOrder(
                readAddress(place, ".requester"),
                readWord(place, ".specDigest"),
                readUint(place, ".budget"),
                uint64(readUint(place, ".expiresAt")),
                readWord(place, ".salt")
            )
        );
    }

    function hashJobControl(string memory place) private view returns (bytes32) {
        return TypedData.hashJobControl(
            JobControl(JobId.wrap(readWord(place, ".jobId")), readText(place, ".action"), uint64(readUint(place, ".nonce")))
        );
    }

    function hashDelegation(string memory place) private view returns (bytes32) {
        return TypedData.hashDelegation(
            Delegation(
                readAddress(place, ".nodeKey"),
                readAddress(place, ".payoutAddress"),
                readText(place, ".scopes"),
                uint64(readUint(place, ".expiry"))
            )
        );
    }

    function hashConsent(string memory place) private view returns (bytes32) {
        return TypedData.hashConsent(
            Consent(
                readAddress(place, ".nodeKey"),
                readText(place, ".site"),
                readText(place, ".textVersion"),
                uint64(readUint(place, ".grantedAt")),
                uint64(readUint(place, ".expiresAt"))
            )
        );
    }

    function hashNodeHello(string memory place) private view returns (bytes32) {
        return TypedData.hashNodeHello(
            NodeHello(readAddress(place, ".nodeKey"), readText(place, ".relayId"), readWord(place, ".challenge"))
        );
    }

    function hashBatchAttestation(string memory place) private view returns (bytes32) {
        return TypedData.hashBatchAttestation(
            BatchAttestation(
                readAddress(place, ".nodeKey"), readWord(place, ".leavesRoot"), uint32(readUint(place, ".count"))
            )
        );
    }

    function hashCheckAnswer(string memory place) private view returns (bytes32) {
        return TypedData.hashCheckAnswer(
            CheckAnswer(
                readAddress(place, ".nodeKey"), readWord(place, ".workUnitId"), readWord(place, ".answersDigest")
            )
        );
    }
}
