// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Deployed} from "../Deployed.sol";

/// @dev Reads one of the JSON files that the TypeScript tests read too.
abstract contract VectorFile is Deployed {
    string internal json;

    function load(string memory name) internal {
        json = vm.readFile(string.concat("../packages/protocol/vectors/", name));
    }

    /// @dev `.list[index]`
    function item(string memory list, uint256 index) internal pure returns (string memory) {
        return string.concat(list, "[", vm.toString(index), "]");
    }

    function count(string memory list) internal view returns (uint256 size) {
        while (vm.keyExistsJson(json, item(list, size))) ++size;
        assertTrue(size > 0, string.concat(list, " has no item"));
    }

    function readUint(string memory place, string memory field) internal view returns (uint256) {
        return vm.parseJsonUint(json, string.concat(place, field));
    }

    function readWord(string memory place, string memory field) internal view returns (bytes32) {
        return vm.parseJsonBytes32(json, string.concat(place, field));
    }

    function readWords(string memory place, string memory field) internal view returns (bytes32[] memory) {
        string memory key = string.concat(place, field);
        // An empty list has no type to read it by.
        return vm.keyExistsJson(json, item(key, 0)) ? vm.parseJsonBytes32Array(json, key) : new bytes32[](0);
    }

    function readAddress(string memory place, string memory field) internal view returns (address) {
        return vm.parseJsonAddress(json, string.concat(place, field));
    }

    function readText(string memory place, string memory field) internal view returns (string memory) {
        return vm.parseJsonString(json, string.concat(place, field));
    }
}
