import type { Log } from '@reckon/protocol/base/ports';

/** For tests that want no log. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
