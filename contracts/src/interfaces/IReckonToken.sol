// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

interface IReckonToken {
    /// @notice Makes new test money; only the owner may.
    /// @param amount Denoted in units of the token's decimals.
    function mint(address to, uint256 amount) external;
}
