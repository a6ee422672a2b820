// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IJobEscrow} from "./interfaces/IJobEscrow.sol";
import {Errors} from "./libraries/Errors.sol";
import {TypedData} from "./libraries/TypedData.sol";
import {EscrowRecord, EscrowView} from "./types/Accounting.sol";
import {JobId} from "./types/JobId.sol";
import {JobOrder} from "./types/SignedStructs.sol";

/// @title JobEscrow
/// @notice See {IJobEscrow}.
contract JobEscrow is IJobEscrow, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @inheritdoc IJobEscrow
    IERC20 public immutable TOKEN;
    /// @inheritdoc IJobEscrow
    address public immutable SETTLEMENT;
    /// @inheritdoc IJobEscrow
    uint64 public immutable GRACE_SECONDS;

    mapping(JobId => EscrowRecord) private _escrows;

    modifier onlySettlement() {
        if (msg.sender != SETTLEMENT) revert Errors.JobEscrow_CallerNotSettlement(msg.sender, SETTLEMENT);
        _;
    }

    constructor(IERC20 token, address settlement, uint64 graceSeconds) {
        if (address(token) == address(0) || settlement == address(0)) revert Errors.JobEscrow_ZeroAddress();
        TOKEN = token;
        SETTLEMENT = settlement;
        GRACE_SECONDS = graceSeconds;
    }

    /// @inheritdoc IJobEscrow
    function fund(JobOrder calldata order, uint256 amount) external nonReentrant returns (JobId jobId) {
        return _fund(order, amount);
    }

    /// @inheritdoc IJobEscrow
    function fundWithPermit(JobOrder calldata order, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        nonReentrant
        returns (JobId jobId)
    {
        try IERC20Permit(address(TOKEN)).permit(msg.sender, address(this), amount, deadline, v, r, s) {}
        catch {
            // Anybody can submit a permit seen in the mempool; the allowance it left serves as well.
            uint256 allowance = TOKEN.allowance(msg.sender, address(this));
            if (allowance < amount) revert Errors.JobEscrow_PermitRejected(msg.sender, allowance, amount);
        }
        return _fund(order, amount);
    }

    /// @inheritdoc IJobEscrow
    function release(JobId jobId, uint256 amount) external nonReentrant onlySettlement {
        EscrowRecord storage escrow = _requireOpen(jobId);
        uint256 remaining = escrow.funded - escrow.released;
        if (amount > remaining) revert Errors.JobEscrow_ReleaseTooLarge(jobId, remaining, amount);
        escrow.released += uint128(amount); // fits: at most `remaining`
        emit JobReleased(jobId, amount);
        TOKEN.safeTransfer(SETTLEMENT, amount);
    }

    /// @inheritdoc IJobEscrow
    function close(JobId jobId) external nonReentrant onlySettlement returns (uint256 refunded) {
        return _close(jobId, _requireOpen(jobId));
    }

    /// @inheritdoc IJobEscrow
    function refund(JobId jobId) external nonReentrant returns (uint256 refunded) {
        EscrowRecord storage escrow = _requireOpen(jobId);
        uint256 refundableAt = uint256(escrow.expiresAt) + GRACE_SECONDS;
        if (block.timestamp < refundableAt) revert Errors.JobEscrow_NotRefundable(jobId, refundableAt);
        return _close(jobId, escrow);
    }

    /// @inheritdoc IJobEscrow
    function escrowOf(JobId jobId) external view returns (EscrowView memory) {
        EscrowRecord memory escrow = _escrows[jobId];
        return EscrowView({
            requester: escrow.requester,
            expiresAt: escrow.expiresAt,
            closed: escrow.closed,
            funded: escrow.funded,
            released: escrow.released,
            remaining: escrow.closed ? 0 : escrow.funded - escrow.released
        });
    }

    function _fund(JobOrder calldata order, uint256 amount) private returns (JobId jobId) {
        jobId = TypedData.toJobId(order);
        EscrowRecord storage escrow = _escrows[jobId];
        if (order.requester == address(0)) revert Errors.JobEscrow_RequesterMissing(jobId);
        if (amount == 0) revert Errors.JobEscrow_AmountZero(jobId);
        if (block.timestamp >= order.expiresAt) revert Errors.JobEscrow_OrderExpired(jobId, order.expiresAt);
        if (escrow.closed) revert Errors.JobEscrow_JobClosed(jobId);
        uint256 funded = escrow.funded + amount;
        if (funded > order.budget) revert Errors.JobEscrow_BudgetExceeded(jobId, order.budget, funded);

        // The id fixes requester and expiry, so a later funder writes what already stands there.
        escrow.requester = order.requester;
        escrow.expiresAt = order.expiresAt;
        escrow.funded = funded.toUint128();
        emit JobFunded(jobId, order.requester, amount, order.expiresAt);
        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
    }

    function _close(JobId jobId, EscrowRecord storage escrow) private returns (uint256 refunded) {
        refunded = escrow.funded - escrow.released;
        escrow.closed = true;
        emit JobClosed(jobId, refunded);
        if (refunded > 0) TOKEN.safeTransfer(escrow.requester, refunded);
    }

    function _requireOpen(JobId jobId) private view returns (EscrowRecord storage escrow) {
        escrow = _escrows[jobId];
        if (escrow.requester == address(0)) revert Errors.JobEscrow_JobUnknown(jobId);
        if (escrow.closed) revert Errors.JobEscrow_JobClosed(jobId);
    }
}
