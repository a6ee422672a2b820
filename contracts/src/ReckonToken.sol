// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {IReckonToken} from "./interfaces/IReckonToken.sol";

/// @title ReckonToken
/// @notice Test money with 18 decimals. Its owner hands it out (the faucet); it is worth nothing.
contract ReckonToken is IReckonToken, ERC20, ERC20Permit, Ownable {
    constructor(address owner) ERC20("Reckon Test Token", "tRKN") ERC20Permit("Reckon Test Token") Ownable(owner) {}

    /// @inheritdoc IReckonToken
    function mint(address to, uint256 amount) external onlyOwner {
        _mint(to, amount);
    }
}
