// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {JobCharge} from "../types/Accounting.sol";
import {Epoch} from "../types/Epoch.sol";
import {JobId} from "../types/JobId.sol";
import {IJobEscrow} from "./IJobEscrow.sol";

/// @title ISettlement
/// @notice Posts each epoch's roots, collects what jobs owe, and pays accounts by cumulative Merkle claims: one claim
/// collects everything an account has ever earned. Amounts are denoted in units of the token's decimals, times are Unix
/// timestamps. It is also the verifying contract of the system's EIP-712 domain ("Reckon", "1").
interface ISettlement {
    /// @notice Emitted once, when the escrow is set.
    event EscrowSet(address indexed escrow);

    /// @notice Emitted for each epoch, in order and without gaps.
    /// @param totalCumulative Sum over all accounts of what they ever earned.
    /// @param released What this epoch took from escrow; skipped charges are not in it.
    event EpochPosted(
        Epoch indexed epoch,
        bytes32 claimsRoot,
        bytes32 receiptsRoot,
        bytes32 journalRoot,
        uint256 totalCumulative,
        uint256 released
    );

    /// @notice Emitted when an epoch charges a job whose remainder was already returned; nothing is taken.
    /// @param amount What was charged and is missing now.
    event ChargeSkipped(JobId indexed jobId, uint256 amount);

    /// @notice Emitted when somebody makes up for skipped charges.
    event Covered(address indexed payer, uint256 amount);

    /// @notice Emitted when an account is paid.
    /// @param amount What was paid now.
    /// @param cumulative What the account has been paid in all.
    event Claimed(Epoch indexed epoch, address indexed account, uint256 amount, uint256 cumulative);

    /// @notice Names the escrow, once; the deployer alone may. It must hold this token and pay to this contract.
    function setEscrow(IJobEscrow escrow_) external;

    /// @notice Posts an epoch and takes its charges from escrow; the operator alone may.
    /// @dev All or nothing but for one case: a job refunded before the epoch came pays nothing. Its charge is skipped, its
    /// closing does nothing, and when the accounts' total then exceeds what is there the epoch waits for `cover`. A charge
    /// on an unknown job, or beyond what an open job holds, undoes the whole epoch.
    /// @param epoch Exactly `lastEpoch() + 1`.
    /// @param claimsRoot Merkle root over keccak256(keccak256(abi.encode(account, cumulative))).
    /// @param receiptsRoot Merkle root over the epoch's work receipts.
    /// @param journalRoot Root of the journal's checkpoint.
    /// @param totalCumulative Sum over all claims; never less than before, never more than was ever released or covered.
    /// @param charges At most `MAX_CHARGES`. A job is named at most once with `closing`, and not after it.
    function postEpoch(
        Epoch epoch,
        bytes32 claimsRoot,
        bytes32 receiptsRoot,
        bytes32 journalRoot,
        uint256 totalCumulative,
        JobCharge[] calldata charges
    ) external;

    /// @notice Puts the caller's money in for charges that were skipped, so that accounts are paid all the same. Anybody
    /// may call, before or after the epoch in question; nothing is given back.
    /// @dev Needs the caller's allowance. The token must move exactly what it is told to.
    function cover(uint256 amount) external;

    /// @notice Pays `account` what it earned up to `epoch` and was not yet paid. Anybody may call.
    /// @param cumulative Everything the account ever earned up to that epoch.
    /// @param path Sibling hashes from the account's leaf to the claims root.
    /// @return amount What was paid.
    function claim(Epoch epoch, address account, uint256 cumulative, bytes32[] calldata path)
        external
        returns (uint256 amount);

    /// @notice What was posted; all zero for an epoch that was not.
    function epochs(Epoch epoch)
        external
        view
        returns (bytes32 claimsRoot, bytes32 receiptsRoot, bytes32 journalRoot, uint64 postedAt);

    /// @notice The Unix timestamp from which the epoch's claims are paid.
    function finalAt(Epoch epoch) external view returns (uint256);

    /// @notice The newest posted epoch; 0 before the first.
    function lastEpoch() external view returns (Epoch);

    /// @notice What the account has been paid in all.
    function claimed(address account) external view returns (uint256);

    /// @notice Sum over all accounts of what they ever earned, as of the newest epoch.
    function totalCumulative() external view returns (uint256);

    /// @notice Everything ever released from escrow to this contract.
    function totalReleased() external view returns (uint256);

    /// @notice Everything ever put in by `cover`. With `totalReleased` it bounds `totalCumulative`.
    function totalCovered() external view returns (uint256);

    /// @notice Everything ever paid out; at most `totalCumulative`.
    function totalClaimed() external view returns (uint256);

    /// @notice The escrow; the zero address until it is set.
    function escrow() external view returns (IJobEscrow);

    /// @notice EIP-712 domain separator of the system on this chain.
    function domainSeparator() external view returns (bytes32);

    /// @notice The token that is paid.
    function TOKEN() external view returns (IERC20);

    /// @notice Who posts epochs.
    function OPERATOR() external view returns (address);

    /// @notice Seconds between posting and the first claim.
    function CHALLENGE_WINDOW_SECONDS() external view returns (uint64);

    /// @notice Most charges one epoch may carry, such that the transaction fits the gas limit of 2^24 (EIP-7825).
    function MAX_CHARGES() external view returns (uint256);
}
