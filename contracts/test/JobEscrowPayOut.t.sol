// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {JobEscrow} from "../src/JobEscrow.sol";
import {IJobEscrow} from "../src/interfaces/IJobEscrow.sol";
import {Errors} from "../src/libraries/Errors.sol";
import {EscrowView} from "../src/types/Accounting.sol";
import {JobId} from "../src/types/JobId.sol";
import {Deployed} from "./Deployed.sol";
import {ReentrantToken} from "./ReentrantToken.sol";

contract JobEscrowPayOutTest is Deployed {
    JobId private jobId;

    function setUp() public override {
        super.setUp();
        jobId = fundAs(sponsor, orderOf(1000, "salt"), 1000);
    }

    function testFuzz_ReleaseMovesTheAmountToTheSettlement(uint256 amount) public {
        amount = bound(amount, 0, 1000);
        vm.expectEmit();
        emit IJobEscrow.JobReleased(jobId, amount);
        vm.prank(address(settlement));
        escrow.release(jobId, amount);
        assertEq(token.balanceOf(address(settlement)), amount, "settlement");
        assertEq(escrow.escrowOf(jobId).remaining, 1000 - amount, "remaining");
        assertEq(escrow.escrowOf(jobId).released, amount, "released");
    }

    function testFuzz_ReleaseNeverExceedsTheEscrow(uint256 before, uint256 amount) public {
        before = bound(before, 0, 1000);
        amount = bound(amount, 1001 - before, type(uint256).max);
        vm.startPrank(address(settlement));
        escrow.release(jobId, before);
        vm.expectRevert(
            abi.encodeWithSelector(Errors.JobEscrow_ReleaseTooLarge.selector, jobId, 1000 - before, amount)
        );
        escrow.release(jobId, amount);
    }

    function testFuzz_OnlyTheSettlementReleasesAndCloses(address caller) public {
        vm.assume(caller != address(settlement));
        bytes memory refusal =
            abi.encodeWithSelector(Errors.JobEscrow_CallerNotSettlement.selector, caller, address(settlement));
        vm.startPrank(caller);
        vm.expectRevert(refusal);
        escrow.release(jobId, 1);
        vm.expectRevert(refusal);
        escrow.close(jobId);
    }

    function testFuzz_CloseReturnsTheRemainderToTheRequesterNotTheFunder(uint256 spent) public {
        spent = bound(spent, 0, 1000);
        vm.startPrank(address(settlement));
        escrow.release(jobId, spent);
        vm.expectEmit();
        emit IJobEscrow.JobClosed(jobId, 1000 - spent);
        escrow.close(jobId);
        assertEq(token.balanceOf(requester), 1000 - spent, "requester");
        assertEq(token.balanceOf(sponsor), 0, "sponsor");
        EscrowView memory seen = escrow.escrowOf(jobId);
        assertTrue(seen.closed, "closed");
        assertEq(seen.remaining, 0, "nothing remains");
    }

    function test_AClosedJobIsClosedForGood() public {
        vm.startPrank(address(settlement));
        escrow.close(jobId);
        bytes memory refusal = abi.encodeWithSelector(Errors.JobEscrow_JobClosed.selector, jobId);
        vm.expectRevert(refusal);
        escrow.close(jobId);
        vm.expectRevert(refusal);
        escrow.release(jobId, 1);
        vm.warp(EXPIRY + GRACE);
        vm.expectRevert(refusal);
        escrow.refund(jobId);
    }

    function testFuzz_RefundWaitsForExpiryAndGrace(uint256 early) public {
        uint256 due = uint256(EXPIRY) + GRACE;
        vm.warp(bound(early, START, due - 1));
        vm.expectRevert(abi.encodeWithSelector(Errors.JobEscrow_NotRefundable.selector, jobId, due));
        vm.prank(requester);
        escrow.refund(jobId);
    }

    function testFuzz_AnybodyRefundsTheRequesterAfterwards(address caller, uint32 late) public {
        vm.prank(address(settlement));
        escrow.release(jobId, 300);
        vm.warp(uint256(EXPIRY) + GRACE + late);
        vm.prank(caller);
        uint256 refunded = escrow.refund(jobId);
        assertEq(refunded, 700, "refunded");
        assertEq(token.balanceOf(requester), 700, "requester");
    }

    function test_AnUnknownJobIsNamed() public {
        JobId unknown = JobId.wrap(keccak256("unknown"));
        vm.expectRevert(abi.encodeWithSelector(Errors.JobEscrow_JobUnknown.selector, unknown));
        escrow.refund(unknown);
        assertEq(escrow.escrowOf(unknown).requester, address(0), "all zero");
    }

    function test_ATokenThatCallsBackIsRefusedAndPaysOnce() public {
        ReentrantToken evil = new ReentrantToken();
        JobEscrow held = new JobEscrow(evil, address(settlement), GRACE);
        evil.mint(address(this), 2000);
        evil.approve(address(held), 2000);
        JobId one = held.fund(orderOf(1000, "one"), 1000);
        JobId two = held.fund(orderOf(1000, "two"), 1000);
        vm.warp(EXPIRY + GRACE);
        evil.arm(address(held), abi.encodeCall(JobEscrow.refund, (two)));
        held.refund(one);
        assertTrue(evil.fired() && !evil.succeeded(), "the inner call was made and refused");
        assertEq(evil.balanceOf(requester), 1000, "paid once");
    }
}
