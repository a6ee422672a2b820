// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {JobEscrow} from "../src/JobEscrow.sol";
import {IJobEscrow} from "../src/interfaces/IJobEscrow.sol";
import {Errors} from "../src/libraries/Errors.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {EscrowView} from "../src/types/Accounting.sol";
import {JobId} from "../src/types/JobId.sol";
import {JobOrder} from "../src/types/SignedStructs.sol";
import {Deployed} from "./Deployed.sol";

contract JobEscrowFundTest is Deployed {
    bytes32 private constant PERMIT_TYPE =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    function test_FundOpensTheEscrowForTheRequesterOfTheOrder() public {
        JobOrder memory order = orderOf(1000, "salt");
        JobId expected = jobIdOf(order);
        give(stranger, 400);
        vm.startPrank(stranger);
        token.approve(address(escrow), 400);
        vm.expectEmit();
        emit IJobEscrow.JobFunded(expected, requester, 400, EXPIRY);
        JobId jobId = escrow.fund(order, 400);
        vm.stopPrank();

        assertEq(JobId.unwrap(jobId), JobId.unwrap(expected), "id");
        EscrowView memory seen = escrow.escrowOf(jobId);
        assertEq(seen.requester, requester, "requester, not the funder");
        assertEq(seen.expiresAt, EXPIRY, "expiry");
        assertTrue(!seen.closed, "open");
        assertEq(seen.funded, 400, "funded");
        assertEq(seen.remaining, 400, "remaining");
        assertEq(token.balanceOf(address(escrow)), 400, "held");
    }

    function testFuzz_FundingsByAnybodyAddUpToTheBudgetAndNoFurther(uint128 first, uint128 second) public {
        uint256 budget = 2 ** 120;
        uint256 a = bound(first, 1, budget);
        uint256 b = bound(second, 1, budget);
        JobOrder memory order = orderOf(budget, "salt");
        JobId jobId = fundAs(requester, order, a);
        if (a + b <= budget) {
            fundAs(stranger, order, b);
            assertEq(escrow.escrowOf(jobId).funded, a + b, "sum");
        } else {
            vm.expectRevert(abi.encodeWithSelector(Errors.JobEscrow_BudgetExceeded.selector, jobId, budget, a + b));
            escrow.fund(order, b);
        }
        assertEq(escrow.escrowOf(jobId).requester, requester, "requester stays");
    }

    function test_AnotherRequesterInTheOrderIsAnotherJob() public {
        JobOrder memory order = orderOf(1000, "salt");
        JobOrder memory forged = orderOf(1000, "salt");
        forged.requester = stranger;
        JobId forgedId = fundAs(stranger, forged, 1);
        JobId jobId = fundAs(requester, order, 1000);
        assertTrue(JobId.unwrap(forgedId) != JobId.unwrap(jobId), "ids differ");
        assertEq(escrow.escrowOf(jobId).requester, requester, "the real order is untouched");
    }

    function test_FundRefusesNothing() public {
        JobOrder memory order = orderOf(1000, "salt");
        vm.expectRevert(abi.encodeWithSelector(Errors.JobEscrow_AmountZero.selector, jobIdOf(order)));
        escrow.fund(order, 0);
    }

    function test_FundRefusesAnOrderWithoutRequester() public {
        JobOrder memory order = orderOf(1000, "salt");
        order.requester = address(0);
        vm.expectRevert(abi.encodeWithSelector(Errors.JobEscrow_RequesterMissing.selector, jobIdOf(order)));
        escrow.fund(order, 1);
    }

    function testFuzz_FundRefusesAnExpiredOrder(uint32 late) public {
        JobOrder memory order = orderOf(1000, "salt");
        vm.warp(uint256(EXPIRY) + late);
        vm.expectRevert(abi.encodeWithSelector(Errors.JobEscrow_OrderExpired.selector, jobIdOf(order), EXPIRY));
        escrow.fund(order, 1);
    }

    function test_FundRefusesAClosedJob() public {
        JobOrder memory order = orderOf(1000, "salt");
        JobId jobId = fundAs(requester, order, 10);
        vm.prank(address(settlement));
        escrow.close(jobId);
        vm.expectRevert(abi.encodeWithSelector(Errors.JobEscrow_JobClosed.selector, jobId));
        escrow.fund(order, 1);
    }

    function test_FundNeedsAnAllowance() public {
        give(stranger, 10);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(escrow), 0, 10)
        );
        vm.prank(stranger);
        escrow.fund(orderOf(1000, "salt"), 10);
    }

    function testFuzz_FundWithPermitNeedsNoApproval(uint96 amount_) public {
        uint256 amount = bound(amount_, 1, type(uint96).max);
        give(sponsor, amount);
        (uint8 v, bytes32 r, bytes32 s) = signPermit(amount);
        vm.prank(sponsor);
        JobId jobId = escrow.fundWithPermit(orderOf(amount, "salt"), amount, START + 1, v, r, s);
        assertEq(escrow.escrowOf(jobId).funded, amount, "funded");
        assertEq(token.allowance(sponsor, address(escrow)), 0, "allowance used up");
    }

    function test_FundWithPermitWorksWhenSomebodySubmittedThePermitBefore() public {
        give(sponsor, 10);
        (uint8 v, bytes32 r, bytes32 s) = signPermit(10);
        vm.prank(stranger);
        token.permit(sponsor, address(escrow), 10, START + 1, v, r, s);
        vm.prank(sponsor);
        JobId jobId = escrow.fundWithPermit(orderOf(10, "salt"), 10, START + 1, v, r, s);
        assertEq(escrow.escrowOf(jobId).funded, 10, "funded");
    }

    function test_FundWithPermitRefusesThePermitOfSomebodyElse() public {
        give(sponsor, 10);
        (uint8 v, bytes32 r, bytes32 s) = signPermit(10);
        vm.expectRevert(abi.encodeWithSelector(Errors.JobEscrow_PermitRejected.selector, stranger, 0, 10));
        vm.prank(stranger);
        escrow.fundWithPermit(orderOf(10, "salt"), 10, START + 1, v, r, s);
    }

    function test_AnEscrowNeedsItsParties() public {
        vm.expectRevert(Errors.JobEscrow_ZeroAddress.selector);
        new JobEscrow(token, address(0), GRACE);
    }

    function signPermit(uint256 amount) private view returns (uint8, bytes32, bytes32) {
        bytes32 message =
            keccak256(abi.encode(PERMIT_TYPE, sponsor, address(escrow), amount, token.nonces(sponsor), START + 1));
        return vm.sign(SPONSOR_KEY, TypedData.toDigest(token.DOMAIN_SEPARATOR(), message));
    }
}
