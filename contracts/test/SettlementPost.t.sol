// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {JobEscrow} from "../src/JobEscrow.sol";
import {Settlement} from "../src/Settlement.sol";
import {ISettlement} from "../src/interfaces/ISettlement.sol";
import {Errors} from "../src/libraries/Errors.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {JobCharge} from "../src/types/Accounting.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {JobId} from "../src/types/JobId.sol";
import {Deployed} from "./Deployed.sol";

contract SettlementPostTest is Deployed {
    JobId private jobId;

    function setUp() public override {
        super.setUp();
        jobId = fundAs(requester, orderOf(1000, "salt"), 1000);
    }

    function test_PostRecordsTheRootsAndCollectsTheCharges() public {
        vm.expectEmit();
        emit ISettlement.EpochPosted(
            Epoch.wrap(1), keccak256("claims"), keccak256("receipts"), keccak256("journal"), 250, 300
        );
        post(1, keccak256("claims"), 250, oneCharge(jobId, 300, true));

        (bytes32 claims, bytes32 receipts, bytes32 journal, uint64 postedAt) = settlement.epochs(Epoch.wrap(1));
        assertEq(claims, keccak256("claims"), "claims root");
        assertEq(receipts, keccak256("receipts"), "receipts root");
        assertEq(journal, keccak256("journal"), "journal root");
        assertEq(postedAt, START, "posted at");
        assertEq(settlement.finalAt(Epoch.wrap(1)), START + WINDOW, "final at");
        assertEq(Epoch.unwrap(settlement.lastEpoch()), 1, "last epoch");
        assertEq(settlement.totalReleased(), 300, "released");
        assertEq(token.balanceOf(address(settlement)), 300, "held");
        assertEq(token.balanceOf(requester), 700, "remainder returned on closing");
    }

    function test_AnEpochWithoutChargesAnchorsTheJournal() public {
        post(1, bytes32(0), 0, new JobCharge[](0));
        assertEq(Epoch.unwrap(settlement.lastEpoch()), 1, "last epoch");
    }

    function test_TheSameEpochIsNotPostedTwice() public {
        post(1, keccak256("claims"), 300, oneCharge(jobId, 300, false));
        vm.expectRevert(abi.encodeWithSelector(Errors.Settlement_EpochOutOfOrder.selector, 2, 1));
        post(1, keccak256("claims"), 300, oneCharge(jobId, 300, false));
        assertEq(token.balanceOf(address(settlement)), 300, "charged once");
    }

    function testFuzz_EpochsComeInOrder(uint64 epoch) public {
        vm.assume(epoch != 1);
        vm.expectRevert(abi.encodeWithSelector(Errors.Settlement_EpochOutOfOrder.selector, 1, epoch));
        post(epoch, bytes32(0), 0, new JobCharge[](0));
    }

    function testFuzz_OnlyTheOperatorPosts(address caller) public {
        vm.assume(caller != operator);
        vm.expectRevert(abi.encodeWithSelector(Errors.Settlement_CallerNotOperator.selector, caller, operator));
        vm.prank(caller);
        settlement.postEpoch(Epoch.wrap(1), bytes32(0), bytes32(0), bytes32(0), 0, new JobCharge[](0));
    }

    function testFuzz_AccountsNeverOwnMoreThanWasReleased(uint256 charge, uint256 total) public {
        charge = bound(charge, 0, 1000);
        total = bound(total, charge + 1, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(Errors.Settlement_TotalExceedsReleased.selector, charge, total));
        post(1, bytes32(0), total, oneCharge(jobId, charge, false));
    }

    function testFuzz_TheTotalNeverFalls(uint256 first, uint256 second) public {
        first = bound(first, 1, 1000);
        second = bound(second, 0, first - 1);
        post(1, bytes32(0), first, oneCharge(jobId, first, false));
        vm.expectRevert(abi.encodeWithSelector(Errors.Settlement_TotalDecreased.selector, first, second));
        post(2, bytes32(0), second, new JobCharge[](0));
    }

    function testFuzz_AChargeBeyondTheEscrowUndoesTheWholeEpoch(uint256 charge) public {
        charge = bound(charge, 1001, type(uint128).max);
        vm.expectRevert(abi.encodeWithSelector(Errors.JobEscrow_ReleaseTooLarge.selector, jobId, 1000, charge));
        post(1, bytes32(0), 0, oneCharge(jobId, charge, false));
        assertEq(Epoch.unwrap(settlement.lastEpoch()), 0, "nothing posted");
    }

    function test_TooManyChargesAreRefused() public {
        vm.expectRevert(abi.encodeWithSelector(Errors.Settlement_TooManyCharges.selector, 200, 201));
        post(1, bytes32(0), 0, new JobCharge[](201));
    }

    /// @dev The worst epoch: every job closes and each remainder goes to somebody who had no tokens.
    function test_AFullEpochFitsOneTransaction() public {
        JobCharge[] memory charges = new JobCharge[](settlement.MAX_CHARGES());
        for (uint256 i = 0; i < charges.length; ++i) {
            requester = vm.addr(i + 1);
            charges[i] = JobCharge(fundAs(sponsor, orderOf(100, bytes32(i)), 100), 60, true);
        }
        // 2^24 is the most gas one transaction may have (EIP-7825); leave a quarter for calldata and cold access.
        uint256 before = gasleft();
        post(1, bytes32(0), 60 * charges.length, charges);
        assertTrue(before - gasleft() < (2 ** 24 / 4) * 3, "gas");
        assertEq(token.balanceOf(address(settlement)), 60 * charges.length, "collected");
    }

    function test_TheEscrowIsSetOnceByTheDeployerAndMustFit() public {
        vm.expectRevert(abi.encodeWithSelector(Errors.Settlement_EscrowAlreadySet.selector, address(escrow)));
        settlement.setEscrow(escrow);

        Settlement fresh = new Settlement(token, operator, WINDOW);
        vm.expectRevert(abi.encodeWithSelector(Errors.Settlement_EscrowMismatch.selector, address(escrow)));
        fresh.setEscrow(escrow);
        vm.expectRevert(
            abi.encodeWithSelector(Errors.Settlement_CallerNotDeployer.selector, operator, address(this))
        );
        vm.prank(operator);
        fresh.setEscrow(escrow);
        vm.expectRevert(Errors.Settlement_EscrowMissing.selector);
        vm.prank(operator);
        fresh.postEpoch(Epoch.wrap(1), bytes32(0), bytes32(0), bytes32(0), 0, new JobCharge[](0));
        JobEscrow fitting = new JobEscrow(token, address(fresh), GRACE);
        fresh.setEscrow(fitting);
        assertEq(address(fresh.escrow()), address(fitting), "set");
    }

    function test_TheDomainIsThatOfTheWholeSystem() public view {
        assertEq(
            settlement.domainSeparator(), TypedData.hashDomain(block.chainid, address(settlement)), "domain separator"
        );
    }

    function test_ASettlementNeedsItsParties() public {
        vm.expectRevert(Errors.Settlement_ZeroAddress.selector);
        new Settlement(token, address(0), WINDOW);
    }
}
