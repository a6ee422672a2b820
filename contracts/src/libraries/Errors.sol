// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Epoch} from "../types/Epoch.sol";
import {JobId} from "../types/JobId.sol";

/// @dev Every custom error of the contracts, named `Contract_Reason`. `src/chain-errors.ts` words them.
library Errors {
    /// @notice Thrown when a contract is built with the zero address in place of a party.
    error JobEscrow_ZeroAddress();

    /// @notice Thrown when money is released or closed by anybody but the Settlement contract.
    error JobEscrow_CallerNotSettlement(address caller, address settlement);

    /// @notice Thrown when the order names no requester, so that a refund would have nowhere to go.
    error JobEscrow_RequesterMissing(JobId jobId);

    /// @notice Thrown when nothing is put in.
    error JobEscrow_AmountZero(JobId jobId);

    /// @notice Thrown when money is put in after the order's Unix timestamp of expiry.
    error JobEscrow_OrderExpired(JobId jobId, uint64 expiresAt);

    /// @notice Thrown when more is put in than the order may spend.
    error JobEscrow_BudgetExceeded(JobId jobId, uint256 budget, uint256 funded);

    /// @notice Thrown when the funder's permit fails and its allowance does not cover the amount either.
    error JobEscrow_PermitRejected(address funder, uint256 allowance, uint256 amount);

    /// @notice Thrown when the job was never funded.
    error JobEscrow_JobUnknown(JobId jobId);

    /// @notice Thrown when the job's remainder was already returned.
    error JobEscrow_JobClosed(JobId jobId);

    /// @notice Thrown when an epoch takes more from a job than its escrow holds.
    error JobEscrow_ReleaseTooLarge(JobId jobId, uint256 remaining, uint256 amount);

    /// @notice Thrown when a refund is asked before the Unix timestamp from which it is due.
    error JobEscrow_NotRefundable(JobId jobId, uint256 refundableAt);

    /// @notice Thrown when a contract is built with the zero address in place of a party.
    error Settlement_ZeroAddress();

    /// @notice Thrown when somebody else than the deployer sets the escrow.
    error Settlement_CallerNotDeployer(address caller, address deployer);

    /// @notice Thrown when the escrow is set twice.
    error Settlement_EscrowAlreadySet(address escrow);

    /// @notice Thrown when the escrow pays to another settlement or holds another token.
    error Settlement_EscrowMismatch(address escrow);

    /// @notice Thrown when an epoch is posted before the escrow is set.
    error Settlement_EscrowMissing();

    /// @notice Thrown when somebody else than the operator posts an epoch.
    error Settlement_CallerNotOperator(address caller, address operator);

    /// @notice Thrown when an epoch is posted twice, or one is left out.
    error Settlement_EpochOutOfOrder(Epoch expected, Epoch got);

    /// @notice Thrown when one transaction would not fit a block; post the rest with the next epoch.
    error Settlement_TooManyCharges(uint256 limit, uint256 got);

    /// @notice Thrown when the sum of all claims is smaller than that of the epoch before.
    error Settlement_TotalDecreased(uint256 before, uint256 got);

    /// @notice Thrown when accounts would own more than was ever released from escrow or covered. After a skipped charge
    /// the difference has to be covered; without one the operator has miscounted.
    error Settlement_TotalExceedsReleased(uint256 available, uint256 got);

    /// @notice Thrown when nothing is put in to cover.
    error Settlement_AmountZero();

    /// @notice Thrown when the epoch was not posted.
    error Settlement_EpochUnknown(Epoch epoch, Epoch last);

    /// @notice Thrown when a claim comes inside the challenge window.
    error Settlement_EpochNotFinal(Epoch epoch, uint256 finalAt);

    /// @notice Thrown when the Merkle path does not lead from (account, cumulative) to the epoch's claims root.
    error Settlement_PathInvalid(Epoch epoch, address account, uint256 cumulative);

    /// @notice Thrown when the account has been paid this much already.
    error Settlement_NothingToClaim(address account, uint256 cumulative, uint256 claimed);

    /// @notice Thrown when a claims tree promises more in sum than the operator declared with it.
    error Settlement_ClaimsExceedTotal(uint256 totalCumulative, uint256 got);
}
