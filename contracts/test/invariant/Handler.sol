// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {JobEscrow} from "../../src/JobEscrow.sol";
import {ReckonToken} from "../../src/ReckonToken.sol";
import {Settlement} from "../../src/Settlement.sol";
import {TypedData} from "../../src/libraries/TypedData.sol";
import {EscrowView, JobCharge} from "../../src/types/Accounting.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {JobId} from "../../src/types/JobId.sol";
import {JobOrder} from "../../src/types/SignedStructs.sol";
import {MerkleMini} from "../MerkleMini.sol";
import {TestMini} from "../TestMini.sol";

/// @dev Plays everybody: random honest steps, and attempts at what must not happen. An honest step that reverts fails the
/// run (failOnRevert); a forbidden one that passes is noted in `forbidden`.
contract Handler is TestMini {
    uint256 public constant JOBS = 4;
    uint256 public constant ACCOUNTS = 3;

    ReckonToken private immutable token;
    Settlement private immutable settlement;
    JobEscrow private immutable escrow;
    address private immutable operator;

    JobOrder[JOBS] private orders;
    address[ACCOUNTS] public accounts;
    uint256[ACCOUNTS] private earned;
    mapping(uint64 epoch => uint256[ACCOUNTS]) private promised;

    // What the handler itself saw move, to hold against what the contracts say.
    uint256 public funded;
    uint256 public refunded;
    uint256 public paid;
    uint256 public minted;
    uint256 public covered;
    uint64 public posted;
    string public forbidden;
    mapping(uint256 job => bool) private wasClosed;

    /// @dev Watches the one transition that no single step tries: a closed job never opens.
    modifier watched() {
        _;
        for (uint256 i = 0; i < JOBS; ++i) {
            bool closed = escrow.escrowOf(TypedData.toJobId(orders[i])).closed;
            if (wasClosed[i] && !closed) forbidden = "a closed job opened";
            wasClosed[i] = closed;
        }
    }

    constructor(ReckonToken token_, Settlement settlement_, JobEscrow escrow_, address operator_) {
        token = token_;
        settlement = settlement_;
        escrow = escrow_;
        operator = operator_;
        for (uint256 i = 0; i < JOBS; ++i) {
            uint64 expiresAt = uint64(block.timestamp + (i + 1) * 1 hours);
            orders[i] = JobOrder(vm.addr(100 + i), keccak256("spec"), 10_000, expiresAt, bytes32(i));
        }
        for (uint256 i = 0; i < ACCOUNTS; ++i) accounts[i] = vm.addr(200 + i);
    }

    function fund(uint256 job, uint256 amount) external watched {
        JobOrder memory order = orders[job % JOBS];
        EscrowView memory now_ = escrow.escrowOf(TypedData.toJobId(order));
        uint256 room = order.budget - now_.funded;
        if (now_.closed || room == 0 || block.timestamp >= order.expiresAt) return;
        amount = bound(amount, 1, room);
        vm.prank(operator);
        token.mint(address(this), amount);
        token.approve(address(escrow), amount);
        escrow.fund(order, amount);
        minted += amount;
        funded += amount;
    }

    function wait(uint256 time) external watched {
        vm.warp(block.timestamp + bound(time, 1, 20 minutes));
    }

    function postEpoch(uint256 seed) external watched {
        (JobCharge[] memory charges, uint256 sum) = drawCharges(seed);
        // All or part of what was ever released or covered and is not yet earned goes to the accounts.
        uint256 free = settlement.totalReleased() + settlement.totalCovered() + sum - settlement.totalCumulative();
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            uint256 share = uint256(keccak256(abi.encode(seed, "share", i))) % (free + 1);
            earned[i] += share;
            free -= share;
        }
        promised[++posted] = earned;
        bytes32 root = MerkleMini.root(leavesOf(posted));
        uint256 total = earned[0] + earned[1] + earned[2];
        uint256 before = requestersHold();
        vm.prank(operator);
        settlement.postEpoch(Epoch.wrap(posted), root, bytes32(seed), bytes32(seed), total, charges);
        refunded += requestersHold() - before;
    }

    function cover(uint256 amount) external watched {
        amount = bound(amount, 1, 10_000);
        vm.prank(operator);
        token.mint(address(this), amount);
        token.approve(address(settlement), amount);
        settlement.cover(amount);
        minted += amount;
        covered += amount;
    }

    function claim(uint256 epoch_, uint256 who) external watched {
        if (posted == 0) return;
        uint64 epoch = uint64(bound(epoch_, 1, posted));
        who = who % ACCOUNTS;
        uint256 cumulative = promised[epoch][who];
        if (block.timestamp < settlement.finalAt(Epoch.wrap(epoch))) return;
        if (cumulative <= settlement.claimed(accounts[who])) return;
        bytes32[] memory path = MerkleMini.path(leavesOf(epoch), who);
        paid += settlement.claim(Epoch.wrap(epoch), accounts[who], cumulative, path);
    }

    function refund(uint256 job) external watched {
        JobOrder memory order = orders[job % JOBS];
        JobId jobId = TypedData.toJobId(order);
        EscrowView memory now_ = escrow.escrowOf(jobId);
        if (now_.funded == 0 || now_.closed) return;
        bool due = block.timestamp >= uint256(order.expiresAt) + escrow.GRACE_SECONDS();
        uint256 before = requestersHold();
        if (due) escrow.refund(jobId);
        else try escrow.refund(jobId) { forbidden = "refund before expiry and grace"; } catch {}
        refunded += requestersHold() - before;
    }

    function claimMore(uint256 epoch_, uint256 who, uint256 extra) external watched {
        if (posted == 0) return;
        uint64 epoch = uint64(bound(epoch_, 1, posted));
        who = who % ACCOUNTS;
        uint256 inflated = promised[epoch][who] + bound(extra, 1, type(uint128).max);
        bytes32[] memory path = MerkleMini.path(leavesOf(epoch), who);
        try settlement.claim(Epoch.wrap(epoch), accounts[who], inflated, path) { forbidden = "claim of more"; } catch {}
    }

    function claimAgain(uint256 who) external watched {
        if (posted == 0) return;
        who = who % ACCOUNTS;
        if (settlement.claimed(accounts[who]) < promised[posted][who]) return;
        bytes32[] memory path = MerkleMini.path(leavesOf(posted), who);
        try settlement.claim(Epoch.wrap(posted), accounts[who], promised[posted][who], path) {
            forbidden = "second claim of the same";
        } catch {}
    }

    function overcharge(uint256 job, uint256 extra) external watched {
        JobId jobId = TypedData.toJobId(orders[job % JOBS]);
        EscrowView memory now_ = escrow.escrowOf(jobId);
        if (now_.closed) return; // skipped, as drawCharges tries
        JobCharge[] memory charges = new JobCharge[](1);
        charges[0] = JobCharge(jobId, now_.remaining + bound(extra, 1, type(uint128).max), false);
        uint256 total = settlement.totalCumulative();
        vm.prank(operator);
        try settlement.postEpoch(Epoch.wrap(posted + 1), bytes32(0), bytes32(0), bytes32(0), total, charges) {
            forbidden = "charge beyond the escrow";
        } catch {}
    }

    /// @dev Accounts must not own what a skipped charge did not bring.
    function promiseSkipped(uint256 job, uint256 amount) external watched {
        JobId jobId = TypedData.toJobId(orders[job % JOBS]);
        if (!escrow.escrowOf(jobId).closed) return;
        amount = bound(amount, 1, type(uint128).max);
        JobCharge[] memory charges = new JobCharge[](1);
        charges[0] = JobCharge(jobId, amount, true);
        uint256 total = settlement.totalReleased() + settlement.totalCovered() + amount;
        vm.prank(operator);
        try settlement.postEpoch(Epoch.wrap(posted + 1), bytes32(0), bytes32(0), bytes32(0), total, charges) {
            forbidden = "skipped charge earned";
        } catch {}
    }

    function reopen(uint256 job) external watched {
        JobOrder memory order = orders[job % JOBS];
        if (!escrow.escrowOf(TypedData.toJobId(order)).closed) return;
        try escrow.fund(order, 1) { forbidden = "closed job funded"; } catch {}
    }

    function jobIdAt(uint256 job) external view returns (JobId) {
        return TypedData.toJobId(orders[job]);
    }

    function budgetAt(uint256 job) external view returns (uint256) {
        return orders[job].budget;
    }

    function earnedBy(uint256 who) external view returns (uint256) {
        return earned[who];
    }

    function requestersHold() public view returns (uint256 sum) {
        for (uint256 i = 0; i < JOBS; ++i) sum += token.balanceOf(orders[i].requester);
    }

    /// @dev Each open job is charged a random part of its escrow, each closed one in vain; about one in eight is closed.
    function drawCharges(uint256 seed) private returns (JobCharge[] memory charges, uint256 sum) {
        charges = new JobCharge[](JOBS);
        uint256 size;
        for (uint256 i = 0; i < JOBS; ++i) {
            JobId jobId = TypedData.toJobId(orders[i]);
            EscrowView memory now_ = escrow.escrowOf(jobId);
            if (now_.funded == 0) continue;
            uint256 draw = uint256(keccak256(abi.encode(seed, i)));
            uint256 amount = draw % ((now_.closed ? now_.funded : now_.remaining) + 1);
            charges[size++] = JobCharge(jobId, amount, (draw >> 128) % 8 == 0);
            if (!now_.closed) sum += amount;
        }
        assembly {
            mstore(charges, size)
        }
    }

    function leavesOf(uint64 epoch) private view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](ACCOUNTS);
        for (uint256 i = 0; i < ACCOUNTS; ++i) leaves[i] = MerkleMini.hashClaim(accounts[i], promised[epoch][i]);
    }
}
