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
            string memory place = item(".jobs", i);
            address owner = readAddress(place, ".order.requester");
            assertEq(token.balanceOf(owner), readUint(place, ".remainderReturned"), "remainder");
        }
        uint256 left = settlement.totalReleased() - settlement.totalClaimed();
        assertEq(token.balanceOf(address(settlement)), left, "what nobody has earned stays");
    }

    function fundJob(string memory place) private {
        JobOrder memory order = JobOrder(
            readAddress(place, ".order.requester"),
            readWord(place, ".order.specDigest"),
            readUint(place, ".order.budget"),
            uint64(readUint(place, ".order.expiresAt")),
            readWord(place, ".order.salt")
        );
        JobId jobId = fundAs(sponsor, order, readUint(place, ".funded"));
        assertEq(JobId.unwrap(jobId), readWord(place, ".jobId"), "job id");
    }

    function settle(string memory place) private {
        Epoch epoch = Epoch.wrap(uint64(readUint(place, ".epoch")));
        string memory chargesAt = string.concat(place, ".charges");
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
            readWord(place, ".claimsRoot"),
            readWord(place, ".receiptsRoot"),
            readWord(place, ".journalRoot"),
            readUint(place, ".totalCumulative"),
            charges
        );
        vm.warp(settlement.finalAt(epoch));
        string memory claimsAt = string.concat(place, ".claims");
        for (uint256 i = 0; i < count(claimsAt); ++i) claimOnce(epoch, item(claimsAt, i));
        assertEq(settlement.totalClaimed(), readUint(place, ".totalCumulative"), "everything claimed");
    }

    function claimOnce(Epoch epoch, string memory place) private {
        address account = readAddress(place, ".account");
        uint256 cumulative = readUint(place, ".cumulative");
        if (settlement.claimed(account) == cumulative) return; // earned nothing in this epoch
        settlement.claim(epoch, account, cumulative, readWords(place, ".path"));
        assertEq(token.balanceOf(account), cumulative, "paid in all");
    }
}
