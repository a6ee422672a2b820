// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

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

contract SettlementClaimTest is Deployed {
    JobId private jobId;
    bytes32[] private none;

    function setUp() public override {
        super.setUp();
        jobId = fundAs(requester, orderOf(1000, "salt"), 1000);
    }

    /// @dev A claims tree of one leaf: the leaf is the root and the path is empty.
    function postFor(uint64 epoch, uint256 cumulative, uint256 charge) private {
        post(epoch, MerkleMini.hashClaim(volunteer, cumulative), cumulative, oneCharge(jobId, charge, false));
        vm.warp(settlement.finalAt(Epoch.wrap(epoch)));
    }

    function claim(uint64 epoch, uint256 cumulative) private returns (uint256) {
        vm.prank(stranger);
        return settlement.claim(Epoch.wrap(epoch), volunteer, cumulative, none);
    }

    function testFuzz_AClaimPaysTheAccountWhoeverSendsIt(uint256 earned) public {
        earned = bound(earned, 1, 1000);
        postFor(1, earned, earned);
        vm.expectEmit();
        emit ISettlement.Claimed(Epoch.wrap(1), volunteer, earned, earned);
        assertEq(claim(1, earned), earned, "returned");
        assertEq(token.balanceOf(volunteer), earned, "paid");
        assertEq(settlement.claimed(volunteer), earned, "recorded");
    }

    function testFuzz_ALaterClaimPaysOnlyWhatIsNew(uint256 first, uint256 second) public {
        first = bound(first, 1, 999);
        second = bound(second, first + 1, 1000);
        postFor(1, first, first);
        claim(1, first);
        postFor(2, second, second - first);
        assertEq(claim(2, second), second - first, "the difference");
        assertEq(token.balanceOf(volunteer), second, "all in all");
    }

    function test_OneClaimCollectsEveryEpoch() public {
        postFor(1, 100, 100);
        postFor(2, 250, 150);
        postFor(3, 600, 350);
        assertEq(claim(3, 600), 600, "everything");
    }

    function test_TheSameClaimIsPaidOnce() public {
        postFor(1, 100, 100);
        claim(1, 100);
        vm.expectRevert(abi.encodeWithSelector(Errors.Settlement_NothingToClaim.selector, volunteer, 100, 100));
        claim(1, 100);
    }

    function test_AnOlderClaimPaysNothingAfterANewerOne() public {
        postFor(1, 100, 100);
        postFor(2, 250, 150);
        claim(2, 250);
        vm.expectRevert(abi.encodeWithSelector(Errors.Settlement_NothingToClaim.selector, volunteer, 100, 250));
        claim(1, 100);
    }

    function testFuzz_AClaimWaitsForTheChallengeWindow(uint256 early) public {
        post(1, MerkleMini.hashClaim(volunteer, 100), 100, oneCharge(jobId, 100, false));
        vm.warp(bound(early, START, START + WINDOW - 1));
        vm.expectRevert(abi.encodeWithSelector(Errors.Settlement_EpochNotFinal.selector, 1, START + WINDOW));
        claim(1, 100);
    }

    function testFuzz_AnEpochThatWasNotPostedPaysNothing(uint64 epoch) public {
        vm.assume(epoch != 1);
        postFor(1, 100, 100);
        vm.expectRevert(abi.encodeWithSelector(Errors.Settlement_EpochUnknown.selector, epoch, 1));
        claim(epoch, 100);
    }

    function testFuzz_AnotherAmountOrAccountIsRefused(uint256 amount, address account) public {
        vm.assume(amount != 100 || account != volunteer);
        postFor(1, 100, 100);
        vm.expectRevert(abi.encodeWithSelector(Errors.Settlement_PathInvalid.selector, 1, account, amount));
        settlement.claim(Epoch.wrap(1), account, amount, none);
    }

    function testFuzz_EveryLeafOfATreeIsPaidAndNoneTwice(uint8 size_, uint256 seed) public {
        uint256 size = bound(size_, 1, 24);
        bytes32[] memory leaves = new bytes32[](size);
        uint256[] memory earned = new uint256[](size);
        uint256 total;
        for (uint256 i = 0; i < size; ++i) {
            earned[i] = 1 + uint256(keccak256(abi.encode(seed, i))) % 40;
            leaves[i] = MerkleMini.hashClaim(vm.addr(i + 1), earned[i]);
            total += earned[i];
        }
        post(1, MerkleMini.root(leaves), total, oneCharge(jobId, total, true));
        vm.warp(START + WINDOW);
        for (uint256 i = 0; i < size; ++i) {
            settlement.claim(Epoch.wrap(1), vm.addr(i + 1), earned[i], MerkleMini.path(leaves, i));
            assertEq(token.balanceOf(vm.addr(i + 1)), earned[i], "paid");
        }
        assertEq(token.balanceOf(address(settlement)), 0, "nothing over");
    }

    /// @dev A dishonest tree: it promises 600 in sum where 500 was declared, while 1000 was released.
    function test_ATreeCannotPayMoreThanItsDeclaredTotal() public {
        bytes32[] memory leaves = new bytes32[](2);
        leaves[0] = MerkleMini.hashClaim(volunteer, 300);
        leaves[1] = MerkleMini.hashClaim(stranger, 300);
        post(1, MerkleMini.root(leaves), 500, oneCharge(jobId, 1000, false));
        vm.warp(START + WINDOW);
        settlement.claim(Epoch.wrap(1), volunteer, 300, MerkleMini.path(leaves, 0));
        bytes32[] memory path = MerkleMini.path(leaves, 1);
        vm.expectRevert(abi.encodeWithSelector(Errors.Settlement_ClaimsExceedTotal.selector, 500, 600));
        settlement.claim(Epoch.wrap(1), stranger, 300, path);
    }

    function test_ATokenThatCallsBackIsRefusedAndPaysOnce() public {
        ReentrantToken evil = new ReentrantToken();
        Settlement paying = new Settlement(evil, operator, 0);
        JobEscrow held = new JobEscrow(evil, address(paying), GRACE);
        paying.setEscrow(held);
        evil.mint(address(this), 1000);
        evil.approve(address(held), 1000);
        JobId evilJob = held.fund(orderOf(1000, "evil"), 1000);
        bytes32[] memory leaves = new bytes32[](2);
        leaves[0] = MerkleMini.hashClaim(volunteer, 100);
        leaves[1] = MerkleMini.hashClaim(stranger, 100);
        vm.prank(operator);
        paying.postEpoch(
            Epoch.wrap(1), MerkleMini.root(leaves), bytes32(0), bytes32(0), 200, oneCharge(evilJob, 200, false)
        );
        evil.arm(
            address(paying),
            abi.encodeCall(Settlement.claim, (Epoch.wrap(1), stranger, 100, MerkleMini.path(leaves, 1)))
        );
        paying.claim(Epoch.wrap(1), volunteer, 100, MerkleMini.path(leaves, 0));
        assertTrue(evil.fired() && !evil.succeeded(), "the inner call was made and refused");
        assertEq(evil.balanceOf(volunteer) + evil.balanceOf(stranger), 100, "paid once");
    }
}
