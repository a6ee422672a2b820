/** A refusal of the setup scripts, which run before any dependency is there; printed as `CODE: message`, exit code 1. */
export class SetupError extends Error {
  /**
   * @param {'NODE_UNAVAILABLE' | 'INSTALL_FAILED' | 'BROWSER_MISSING' | 'USAGE'} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'SetupError';
    this.code = code;
  }
}
