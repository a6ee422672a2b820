// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EscrowView} from "../../src/types/Accounting.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {Deployed} from "../Deployed.sol";
import {Handler} from "./Handler.sol";

/// @dev The invariants of README.md, checked after every random step.
contract ConservationTest is Deployed {
    Handler private handler;

    function setUp() public override {
        super.setUp();
        handler = new Handler(token, settlement, escrow, operator);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_NoTokenIsMadeOrLost() public view {
        uint256 held = token.balanceOf(address(escrow)) + token.balanceOf(address(settlement));
        assertEq(held + handler.paid() + handler.refunded(), handler.funded() + handler.covered(), "I1");
        assertEq(token.totalSupply(), handler.minted(), "I1 supply");
    }

    function invariant_TheEscrowHoldsWhatItsJobsHave() public view {
        uint256 remaining;
        for (uint256 i = 0; i < handler.JOBS(); ++i) remaining += escrow.escrowOf(handler.jobIdAt(i)).remaining;
        assertEq(token.balanceOf(address(escrow)), remaining, "I2");
    }

    function invariant_TheSettlementHoldsWhatIsNotYetClaimed() public view {
        uint256 left = settlement.totalReleased() + settlement.totalCovered() - settlement.totalClaimed();
        assertEq(token.balanceOf(address(settlement)), left, "I3");
        assertEq(settlement.totalCovered(), handler.covered(), "I3 covered");
    }

    function invariant_EveryJobSpendsWithinItsEscrowAndBudget() public view {
        uint256 released;
        for (uint256 i = 0; i < handler.JOBS(); ++i) {
            EscrowView memory seen = escrow.escrowOf(handler.jobIdAt(i));
            assertTrue(seen.released <= seen.funded, "I4 released");
            assertTrue(seen.funded <= handler.budgetAt(i), "I4 funded");
            released += seen.released;
        }
        assertEq(released, settlement.totalReleased(), "I4 sum");
    }

    function invariant_NobodyIsPaidMoreThanEarned() public view {
        uint256 claimed;
        for (uint256 i = 0; i < handler.ACCOUNTS(); ++i) {
            uint256 own = settlement.claimed(handler.accounts(i));
            assertTrue(own <= handler.earnedBy(i), "I5 account");
            assertEq(token.balanceOf(handler.accounts(i)), own, "I5 balance");
            claimed += own;
        }
        assertEq(claimed, settlement.totalClaimed(), "I5 sum");
        assertTrue(claimed <= settlement.totalCumulative(), "I5 total");
        uint256 available = settlement.totalReleased() + settlement.totalCovered();
        assertTrue(settlement.totalCumulative() <= available, "I5 released or covered");
    }

    function invariant_EpochsHaveNoGap() public view {
        assertEq(Epoch.unwrap(settlement.lastEpoch()), handler.posted(), "I6");
        if (handler.posted() > 0) assertTrue(settlement.finalAt(Epoch.wrap(handler.posted())) > 0, "I6 posted");
    }

    function invariant_NothingForbiddenPassed() public view {
        string memory what = handler.forbidden();
        assertTrue(bytes(what).length == 0, what);
    }
}
