// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {JobEscrow} from "../src/JobEscrow.sol";
import {Settlement} from "../src/Settlement.sol";
import {ISettlement} from "../src/interfaces/ISettlement.sol";
import {Errors} from "../src/libraries/Errors.sol";
import {JobCharge} from "../src/types/Accounting.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {JobId} from "../src/types/JobId.sol";
import {Deployed} from "./Deployed.sol";
import {MerkleMini} from "./MerkleMini.sol";
import {ReentrantToken} from "./ReentrantToken.sol";

/// @dev The relay was down for longer than expiry and grace: a job it owes volunteers for was refunded.
contract SettlementShortfallTest is Deployed {
    JobId private late;
    JobId private open;
    bytes32[] private none;

    function setUp() public override {
        super.setUp();
        late = fundAs(requester, orderOf(1000, "late"), 1000);
        open = fundAs(sponsor, orderOf(1000, "open"), 1000);
        vm.warp(EXPIRY + GRACE);
        escrow.refund(late);
    }

    function charge(uint256 fromLate, uint256 fromOpen, bool closing) private view returns (JobCharge[] memory list) {
        list = new JobCharge[](2);
        list[0] = JobCharge(late, fromLate, closing);
        list[1] = JobCharge(open, fromOpen, false);
    }

    function coverAs(address payer, uint256 amount) private {
        give(payer, amount);
        vm.startPrank(payer);
        token.approve(address(settlement), amount);
        settlement.cover(amount);
        vm.stopPrank();
    }

    function testFuzz_AChargeOnARefundedJobIsSkippedAndTheOthersAreTaken(uint128 missing, uint256 taken) public {
        vm.assume(missing > 0);
        taken = bound(taken, 0, 1000);
        vm.expectEmit();
        emit ISettlement.ChargeSkipped(late, missing);
        vm.expectEmit();
        emit ISettlement.EpochPosted(
            Epoch.wrap(1), bytes32(0), keccak256("receipts"), keccak256("journal"), taken, taken
        );
        post(1, bytes32(0), taken, charge(missing, taken, true));
        assertEq(settlement.totalReleased(), taken, "only what was taken counts");
        assertEq(token.balanceOf(address(settlement)), taken, "held");
        assertEq(token.balanceOf(requester), 1000, "refunded once");
    }

    function test_ClosingARefundedJobDoesNothing() public {
        post(1, bytes32(0), 0, oneCharge(late, 0, true));
        assertEq(Epoch.unwrap(settlement.lastEpoch()), 1, "posted");
        assertEq(token.balanceOf(requester), 1000, "refunded once");
    }

    function testFuzz_WhatWasSkippedIsMissingUntilSomebodyCoversIt(uint256 missing, uint256 taken, address payer) public {
        vm.assume(payer != address(0) && payer != volunteer);
        vm.assume(payer != address(escrow) && payer != address(settlement));
        missing = bound(missing, 1, 1000);
        taken = bound(taken, 0, 1000);
        uint256 total = missing + taken;
        bytes32 root = MerkleMini.hashClaim(volunteer, total);
        bytes memory refusal = abi.encodeWithSelector(Errors.Settlement_TotalExceedsReleased.selector, taken, total);
        vm.expectRevert(refusal);
        post(1, root, total, charge(missing, taken, true));
        assertEq(escrow.escrowOf(open).released, 0, "a refused epoch takes nothing");

        if (missing > 1) coverAs(payer, missing - 1);
        vm.expectRevert(
            abi.encodeWithSelector(Errors.Settlement_TotalExceedsReleased.selector, total - 1, total)
        );
        post(1, root, total, charge(missing, taken, true));
        coverAs(payer, 1);
        post(1, root, total, charge(missing, taken, true));
        vm.warp(settlement.finalAt(Epoch.wrap(1)));
        settlement.claim(Epoch.wrap(1), volunteer, total, none);
        assertEq(token.balanceOf(volunteer), total, "the volunteer is paid in full");
        assertEq(token.balanceOf(address(settlement)), 0, "nothing over");
    }

    function test_ALaterEpochFollowsACoveredOne() public {
        coverAs(stranger, 400);
        post(1, MerkleMini.hashClaim(volunteer, 400), 400, oneCharge(late, 400, true));
        post(2, MerkleMini.hashClaim(volunteer, 900), 900, oneCharge(open, 500, true));
        vm.warp(settlement.finalAt(Epoch.wrap(2)));
        settlement.claim(Epoch.wrap(2), volunteer, 900, none);
        assertEq(token.balanceOf(volunteer), 900, "both");
    }

    function testFuzz_CoverTakesTheAmountFromTheCallerAndCountsIt(uint96 first, uint96 second) public {
        vm.assume(first > 0 && second > 0);
        give(stranger, uint256(first) + second);
        vm.startPrank(stranger);
        token.approve(address(settlement), uint256(first) + second);
        vm.expectEmit();
        emit ISettlement.Covered(stranger, first);
        settlement.cover(first);
        settlement.cover(second);
        assertEq(settlement.totalCovered(), uint256(first) + second, "counted");
        assertEq(settlement.totalReleased(), 0, "nothing left escrow");
        assertEq(token.balanceOf(address(settlement)), uint256(first) + second, "held");
        assertEq(token.balanceOf(stranger), 0, "paid");
    }

    function test_CoverRefusesNothing() public {
        vm.expectRevert(Errors.Settlement_AmountZero.selector);
        settlement.cover(0);
    }

    function test_CoverNeedsAnAllowanceAndCountsNothingWithoutIt() public {
        give(stranger, 10);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(settlement), 0, 10)
        );
        vm.prank(stranger);
        settlement.cover(10);
        assertEq(settlement.totalCovered(), 0, "nothing counted");
    }

    /// @dev A token sent to the contract unasked is not money that the accounts may own.
    function test_OnlyCoverCounts() public {
        give(address(settlement), 100);
        vm.expectRevert(abi.encodeWithSelector(Errors.Settlement_TotalExceedsReleased.selector, 0, 100));
        post(1, bytes32(0), 100, oneCharge(late, 100, true));
    }

    function testFuzz_AChargeOnAnUnknownJobUndoesTheWholeEpoch(bytes32 unknown, uint128 amount, bool closing) public {
        vm.assume(unknown != JobId.unwrap(late) && unknown != JobId.unwrap(open));
        vm.assume(amount > 0 || closing);
        vm.expectRevert(abi.encodeWithSelector(Errors.JobEscrow_JobUnknown.selector, unknown));
        post(1, bytes32(0), 0, oneCharge(JobId.wrap(unknown), amount, closing));
        assertEq(Epoch.unwrap(settlement.lastEpoch()), 0, "nothing posted");
    }

    /// @dev The dearest epoch with refunds: every charge is skipped.
    function test_AFullEpochOfSkippedChargesFitsOneTransaction() public {
        JobCharge[] memory charges = new JobCharge[](settlement.MAX_CHARGES());
        for (uint256 i = 0; i < charges.length; ++i) charges[i] = JobCharge(late, 1, true);
        uint256 before = gasleft();
        post(1, bytes32(0), 0, charges);
        assertTrue(before - gasleft() < (2 ** 24 / 4) * 3, "gas");
    }

    /// @dev During the collection the total is not checked yet: nobody may claim against it.
    function test_ATokenThatClaimsDuringThePostingIsRefused() public {
        ReentrantToken evil = new ReentrantToken();
        Settlement paying = new Settlement(evil, operator, 0);
        JobEscrow held = new JobEscrow(evil, address(paying), GRACE);
        paying.setEscrow(held);
        evil.mint(address(this), 1000);
        evil.mint(address(paying), 200);
        evil.approve(address(held), 1000);
        vm.warp(START);
        JobId evilJob = held.fund(orderOf(1000, "evil"), 1000);
        evil.arm(
            address(paying), abi.encodeCall(Settlement.claim, (Epoch.wrap(1), volunteer, 200, new bytes32[](0)))
        );
        vm.prank(operator);
        paying.postEpoch(
            Epoch.wrap(1),
            MerkleMini.hashClaim(volunteer, 200),
            bytes32(0),
            bytes32(0),
            200,
            oneCharge(evilJob, 200, false)
        );
        assertTrue(evil.fired() && !evil.succeeded(), "the inner call was made and refused");
        assertEq(evil.balanceOf(volunteer), 0, "nothing paid early");
    }
}
