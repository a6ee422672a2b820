// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {IJobEscrow} from "./interfaces/IJobEscrow.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {Errors} from "./libraries/Errors.sol";
import {EpochRecord, JobCharge} from "./types/Accounting.sol";
import {Epoch} from "./types/Epoch.sol";

/// @title Settlement
/// @notice See {ISettlement}.
contract Settlement is ISettlement, EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @inheritdoc ISettlement
    uint256 public constant MAX_CHARGES = 200;
    /// @inheritdoc ISettlement
    IERC20 public immutable TOKEN;
    /// @inheritdoc ISettlement
    address public immutable OPERATOR;
    /// @inheritdoc ISettlement
    uint64 public immutable CHALLENGE_WINDOW_SECONDS;
    address private immutable DEPLOYER;

    /// @inheritdoc ISettlement
    IJobEscrow public escrow;
    /// @inheritdoc ISettlement
    Epoch public lastEpoch;
    /// @inheritdoc ISettlement
    uint256 public totalCumulative;
    /// @inheritdoc ISettlement
    uint256 public totalReleased;
    /// @inheritdoc ISettlement
    uint256 public totalCovered;
    /// @inheritdoc ISettlement
    uint256 public totalClaimed;
    /// @inheritdoc ISettlement
    mapping(Epoch => EpochRecord) public epochs;
    /// @inheritdoc ISettlement
    mapping(address => uint256) public claimed;

    constructor(IERC20 token, address operator, uint64 challengeWindowSeconds) EIP712("Reckon", "1") {
        if (address(token) == address(0) || operator == address(0)) revert Errors.Settlement_ZeroAddress();
        TOKEN = token;
        OPERATOR = operator;
        CHALLENGE_WINDOW_SECONDS = challengeWindowSeconds;
        DEPLOYER = msg.sender;
    }

    /// @inheritdoc ISettlement
    function setEscrow(IJobEscrow escrow_) external {
        if (msg.sender != DEPLOYER) revert Errors.Settlement_CallerNotDeployer(msg.sender, DEPLOYER);
        if (address(escrow) != address(0)) revert Errors.Settlement_EscrowAlreadySet(address(escrow));
        if (escrow_.SETTLEMENT() != address(this) || address(escrow_.TOKEN()) != address(TOKEN)) {
            revert Errors.Settlement_EscrowMismatch(address(escrow_));
        }
        escrow = escrow_;
        emit EscrowSet(address(escrow_));
    }

    /// @inheritdoc ISettlement
    function postEpoch(
        Epoch epoch,
        bytes32 claimsRoot,
        bytes32 receiptsRoot,
        bytes32 journalRoot,
        uint256 totalCumulative_,
        JobCharge[] calldata charges
    ) external nonReentrant {
        if (msg.sender != OPERATOR) revert Errors.Settlement_CallerNotOperator(msg.sender, OPERATOR);
        if (epoch != lastEpoch.next()) revert Errors.Settlement_EpochOutOfOrder(lastEpoch.next(), epoch);
        if (charges.length > MAX_CHARGES) revert Errors.Settlement_TooManyCharges(MAX_CHARGES, charges.length);
        if (totalCumulative_ < totalCumulative) {
            revert Errors.Settlement_TotalDecreased(totalCumulative, totalCumulative_);
        }
        lastEpoch = epoch;
        totalCumulative = totalCumulative_;
        epochs[epoch] = EpochRecord(claimsRoot, receiptsRoot, journalRoot, uint64(block.timestamp));

        // What is really released is known only once it was taken; the guard keeps claims out meanwhile.
        uint256 released = _collect(charges);
        totalReleased += released;
        uint256 available = totalReleased + totalCovered;
        if (totalCumulative_ > available) revert Errors.Settlement_TotalExceedsReleased(available, totalCumulative_);
        emit EpochPosted(epoch, claimsRoot, receiptsRoot, journalRoot, totalCumulative_, released);
    }

    /// @inheritdoc ISettlement
    function cover(uint256 amount) external nonReentrant {
        if (amount == 0) revert Errors.Settlement_AmountZero();
        totalCovered += amount;
        emit Covered(msg.sender, amount);
        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc ISettlement
    function claim(Epoch epoch, address account, uint256 cumulative, bytes32[] calldata path)
        external
        nonReentrant
        returns (uint256 amount)
    {
        uint256 final_ = finalAt(epoch);
        if (block.timestamp < final_) revert Errors.Settlement_EpochNotFinal(epoch, final_);
        // Hashed twice, so that no inner node of the tree can be passed off as a leaf.
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(account, cumulative))));
        if (!MerkleProof.verifyCalldata(path, epochs[epoch].claimsRoot, leaf)) {
            revert Errors.Settlement_PathInvalid(epoch, account, cumulative);
        }
        uint256 before = claimed[account];
        if (cumulative <= before) revert Errors.Settlement_NothingToClaim(account, cumulative, before);
        amount = cumulative - before;
        uint256 paid = totalClaimed + amount;
        if (paid > totalCumulative) revert Errors.Settlement_ClaimsExceedTotal(totalCumulative, paid);

        claimed[account] = cumulative;
        totalClaimed = paid;
        emit Claimed(epoch, account, amount, cumulative);
        TOKEN.safeTransfer(account, amount);
    }

    /// @inheritdoc ISettlement
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @inheritdoc ISettlement
    function finalAt(Epoch epoch) public view returns (uint256) {
        uint64 postedAt = epochs[epoch].postedAt;
        if (postedAt == 0) revert Errors.Settlement_EpochUnknown(epoch, lastEpoch);
        return uint256(postedAt) + CHALLENGE_WINDOW_SECONDS;
    }

    function _collect(JobCharge[] calldata charges) private returns (uint256 released) {
        IJobEscrow escrow_ = escrow;
        if (address(escrow_) == address(0)) revert Errors.Settlement_EscrowMissing();
        for (uint256 i = 0; i < charges.length; ++i) {
            JobCharge calldata charge = charges[i];
            // Refunded before this epoch came: a revert would hold up every later epoch for good.
            if (escrow_.escrowOf(charge.jobId).closed) {
                if (charge.amount > 0) emit ChargeSkipped(charge.jobId, charge.amount);
                continue;
            }
            released += charge.amount;
            if (charge.amount > 0) escrow_.release(charge.jobId, charge.amount);
            if (charge.closing) escrow_.close(charge.jobId);
        }
    }
}
