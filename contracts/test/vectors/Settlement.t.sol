// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {JobCharge} from "../../src/types/Accounting.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {JobId} from "../../src/types/JobId.sol";
import {JobOrder} from "../../src/types/SignedStructs.sol";
import {VectorFile} from "./VectorFile.sol";

/// @dev Two epochs with roots and paths made by TypeScript, played on the real contracts to the last token.
contract SettlementVectorsTest is VectorFile {
    function setUp() public override {
        super.setUp();
        load("settlement.json");
    }

    function test_TheWholeStoryPaysWhatTheVectorsSay() public {
        for (uint256 i = 0; i < count(".jobs"); ++i) fundJob(item(".jobs", i));
        for (uint256 i = 0; i < count(".epochs"); ++i) settle(item(".epochs", i));
        for (uint256 i = 0; i < count(".jobs"); ++i) {
            string memory at = item(".jobs", i);
            address owner = readAddress(at, ".order.requester");
            assertEq(token.balanceOf(owner), readUint(at, ".remainderReturned"), "remainder");
        }
        uint256 left = settlement.totalReleased() - settlement.totalClaimed();
        assertEq(token.balanceOf(address(settlement)), left, "what nobody has earned stays");
    }

    function fundJob(string memory at) private {
        JobOrder memory order = JobOrder(
            readAddress(at, ".order.requester"),
            readWord(at, ".order.specDigest"),
            readUint(at, ".order.budget"),
            uint64(readUint(at, ".order.expiresAt")),
            readWord(at, ".order.salt")
        );
        JobId jobId = fundAs(sponsor, order, readUint(at, ".funded"));
        assertEq(JobId.unwrap(jobId), readWord(at, ".jobId"), "job id");
    }

    function settle(string memory at) private {
        Epoch epoch = Epoch.wrap(uint64(readUint(at, ".epoch")));
        string memory chargesAt = string.concat(at, ".charges");
        JobCharge[] memory charges = new JobCharge[](count(chargesAt));
        for (uint256 i = 0; i < charges.length; ++i) {
            string memory chargeAt = item(chargesAt, i);
            charges[i] = JobCharge(
                JobId.wrap(readWord(chargeAt, ".jobId")),
                readUint(chargeAt, ".amount"),
                vm.parseJsonBool(json, string.concat(chargeAt, ".closing"))
            );
        }
        vm.prank(operator);
        settlement.postEpoch(
            epoch,
            readWord(at, ".claimsRoot"),
            readWord(at, ".receiptsRoot"),
            readWord(at, ".journalRoot"),
            readUint(at, ".totalCumulative"),
            charges
        );
        vm.warp(settlement.finalAt(epoch));
        string memory claimsAt = string.concat(at, ".claims");
        for (uint256 i = 0; i < count(claimsAt); ++i) claimOnce(epoch, item(claimsAt, i));
        assertEq(settlement.totalClaimed(), readUint(at, ".totalCumulative"), "everything claimed");
    }

    function claimOnce(Epoch epoch, string memory at) private {
        address account = readAddress(at, ".account");
        uint256 cumulative = readUint(at, ".cumulative");
        if (settlement.claimed(account) == cumulative) return; // earned nothing in this epoch
        settlement.claim(epoch, account, cumulative, readWords(at, ".path"));
        assertEq(token.balanceOf(account), cumulative, "paid in all");
    }
}
