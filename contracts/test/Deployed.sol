// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {JobEscrow} from "../src/JobEscrow.sol";
import {ReckonToken} from "../src/ReckonToken.sol";
import {Settlement} from "../src/Settlement.sol";
import {TypedData} from "../src/libraries/TypedData.sol";
import {JobCharge} from "../src/types/Accounting.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {JobId} from "../src/types/JobId.sol";
import {JobOrder} from "../src/types/SignedStructs.sol";
import {TestMini} from "./TestMini.sol";

/// @dev The three contracts, joined, and the people.
abstract contract Deployed is TestMini {
    uint64 internal constant START = 1_800_000_000;
    uint64 internal constant WINDOW = 600;
    uint64 internal constant GRACE = 3600;
    uint64 internal constant EXPIRY = START + 7 days;
    uint256 internal constant SPONSOR_KEY = 0xA11CE;

    ReckonToken internal token;
    Settlement internal settlement;
    JobEscrow internal escrow;
    address internal operator = named("operator");
    address internal requester = named("requester");
    address internal volunteer = named("volunteer");
    address internal stranger = named("stranger");
    address internal sponsor = vm.addr(SPONSOR_KEY);

    function setUp() public virtual {
        vm.warp(START);
        token = new ReckonToken(operator);
        settlement = new Settlement(token, operator, WINDOW);
        escrow = new JobEscrow(token, address(settlement), GRACE);
        settlement.setEscrow(escrow);
    }

    function orderOf(uint256 budget, bytes32 salt) internal view returns (JobOrder memory) {
        return JobOrder(requester, keccak256("spec"), budget, EXPIRY, salt);
    }

    function give(address to, uint256 amount) internal {
        vm.prank(operator);
        token.mint(to, amount);
    }

    /// @dev `funder` gets the money, approves it and funds.
    function fundAs(address funder, JobOrder memory order, uint256 amount) internal returns (JobId) {
        give(funder, amount);
        vm.startPrank(funder);
        token.approve(address(escrow), amount);
        JobId jobId = escrow.fund(order, amount);
        vm.stopPrank();
        return jobId;
    }

    function oneCharge(JobId jobId, uint256 amount, bool closing) internal pure returns (JobCharge[] memory charges) {
        charges = new JobCharge[](1);
        charges[0] = JobCharge(jobId, amount, closing);
    }

    function post(uint64 epoch, bytes32 claimsRoot, uint256 total, JobCharge[] memory charges) internal {
        vm.prank(operator);
        settlement.postEpoch(Epoch.wrap(epoch), claimsRoot, keccak256("receipts"), keccak256("journal"), total, charges);
    }

    function jobIdOf(JobOrder memory order) internal pure returns (JobId) {
        return TypedData.toJobId(order);
    }
}
