// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev A hostile token: its next transfer makes a call of the attacker's choice first.
contract ReentrantToken is ERC20 {
    address private target;
    bytes private data;
    bool public fired;
    bool public succeeded;

    constructor() ERC20("Reentrant", "RE") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function arm(address target_, bytes calldata data_) external {
        target = target_;
        data = data_;
    }

    function _update(address from, address to, uint256 value) internal override {
        address armed = target;
        if (armed != address(0)) {
            target = address(0);
            fired = true;
            (succeeded,) = armed.call(data);
        }
        super._update(from, to, value);
    }
}
