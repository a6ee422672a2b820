// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {Deployed} from "./Deployed.sol";

contract ReckonTokenTest is Deployed {
    function test_NameSymbolAndDecimalsAreThoseOfTestMoney() public view {
        assertEq(keccak256(bytes(token.name())), keccak256("Reckon Test Token"), "name");
        assertEq(keccak256(bytes(token.symbol())), keccak256("tRKN"), "symbol");
        assertEq(token.decimals(), 18, "decimals");
    }

    function testFuzz_TheOwnerMints(address to, uint256 amount) public {
        vm.assume(to != address(0));
        give(to, amount);
        assertEq(token.balanceOf(to), amount, "balance");
        assertEq(token.totalSupply(), amount, "supply");
    }

    function testFuzz_NobodyElseMints(address caller) public {
        vm.assume(caller != operator);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, caller));
        vm.prank(caller);
        token.mint(caller, 1);
    }
}
