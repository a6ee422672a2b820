// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {EscrowView} from "../types/Accounting.sol";
import {JobId} from "../types/JobId.sol";
import {JobOrder} from "../types/SignedStructs.sol";

/// @title IJobEscrow
/// @notice Holds the money of jobs. Amounts are denoted in units of the token's decimals, times are Unix timestamps.
/// A job is opened by its first funding and closed once, by the settlement or by a refund.
interface IJobEscrow {
    /// @notice Emitted each time money is put in.
    /// @param requester Whom the remainder returns to, whoever paid.
    /// @param amount What was put in now, not the sum.
    event JobFunded(JobId indexed jobId, address indexed requester, uint256 amount, uint64 expiresAt);

    /// @notice Emitted when an epoch takes its charge.
    event JobReleased(JobId indexed jobId, uint256 amount);

    /// @notice Emitted when the job is closed.
    /// @param refunded What returned to the requester; 0 when all was spent.
    event JobClosed(JobId indexed jobId, uint256 refunded);

    /// @notice Puts the caller's money into a job's escrow. Anybody may pay, and again until the budget is reached.
    /// @dev The whole order is given and the id computed from it, so that nobody can take a job's place with another
    /// requester or expiry. Needs the caller's allowance. The token must move exactly what it is told to.
    /// @return jobId The EIP-712 struct hash of the order.
    function fund(JobOrder calldata order, uint256 amount) external returns (JobId jobId);

    /// @notice As `fund`, with the caller's ERC-2612 permit in the same transaction.
    /// @dev A permit that somebody else has already submitted does no harm: its allowance is used.
    function fundWithPermit(JobOrder calldata order, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        returns (JobId jobId);

    /// @notice Pays `amount` of the job's escrow to the settlement, which alone may call.
    function release(JobId jobId, uint256 amount) external;

    /// @notice Ends the job and returns the remainder to the requester; the settlement alone may call.
    /// @return refunded What was returned.
    function close(JobId jobId) external returns (uint256 refunded);

    /// @notice Ends the job and returns the remainder to the requester, once expiry and grace have passed. Anybody may call.
    /// @dev An epoch that charges the job and comes later gets nothing from it (see {ISettlement-cover}).
    /// @return refunded What was returned.
    function refund(JobId jobId) external returns (uint256 refunded);

    /// @notice The job's money. All zero for a job that was never funded.
    function escrowOf(JobId jobId) external view returns (EscrowView memory);

    /// @notice The token that is held.
    function TOKEN() external view returns (IERC20);

    /// @notice The contract that charges are paid to.
    function SETTLEMENT() external view returns (address);

    /// @notice Seconds after expiry in which the last epoch may still take its charge.
    function GRACE_SECONDS() external view returns (uint64);
}
