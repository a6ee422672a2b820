/** Every refusal the system can give: what happened, what was expected, what was got, what to do. */
export interface ErrorDetails {
  UNEXPECTED: { cause: string };
  MESSAGE_INVALID: { path: string; expected: string; received: string };
  MESSAGE_TOO_LARGE: { limitBytes: number; sizeBytes: number };
  MESSAGE_REPLAYED: { seq: number; last: number };
  MESSAGE_OUT_OF_ORDER: { received: string; expected: string };
  PROTOCOL_VERSION: { expected: number; received: number };
  CHANNEL_CLOSED: { reason: string };
  CHANNEL_UNAVAILABLE: { tried: string; cause: string };
  RATE_LIMITED: { retryAfterMs: number };
  SIGNATURE_INVALID: { what: string; expected: string; received: string };
  CONSENT_MISSING: { reason: string };
  CONSENT_EXPIRED: { expiredAt: string };
  SITE_UNKNOWN: { site: string };
  SIGNALLING_TOKEN_INVALID: { reason: string };
  NODE_UNKNOWN: { nodeId: string };
  LEASE_MISSING: { workUnitId: string; nodeId: string };
  LEASE_EXPIRED: { workUnitId: string; lateMs: number };
  ATTESTATION_MISMATCH: { workUnitId: string; field: string; expected: string; received: string };
  SEAL_REPEATED: { workUnitId: string };
  SEAL_MISMATCH: { workUnitId: string };
  REVEAL_WITHOUT_COMMIT: { workUnitId: string };
  CHUNK_WRONG: { workUnitId: string };
  CHECK_WRONG: { workUnitId: string };
  CERTIFICATE_REJECTED: { workUnitId: string };
  RESULT_OUTVOTED: { workUnitId: string };
  RESULT_VOIDED: { workUnitId: string };
  NODE_BARRED: { reason: string; until: string };
  JOB_FILE_UNREADABLE: { file: string; cause: string };
  JOB_FILE_TOO_LARGE: { limitBytes: number; sizeBytes: number };
  JOB_FILE_INVALID: { path: string; expected: string; received: string };
  JOB_UNKNOWN: { jobId: string };
  JOB_EXPIRED: { jobId: string; expiredAt: string };
  JOB_STATE: { jobId: string; expected: string; received: string };
  CONTROL_REPEATED: { jobId: string; nonce: number; last: number };
  JOB_NOT_FINISHED: { jobId: string; status: string };
  JOB_UNITS_FAILED: { jobId: string; failed: number; units: number };
  ORDER_MISMATCH: { field: string; expected: string; received: string };
  KERNEL_UNKNOWN: { kernel: string; known: string };
  KERNEL_VERSION_UNKNOWN: { kernel: string; known: string };
  KERNEL_DIGEST_MISMATCH: { kernel: string; expected: string; received: string };
  KERNEL_PARAMS_INVALID: { kernel: string; path: string; expected: string; received: string };
  KERNEL_INPUT_MISSING: { kernel: string; input: string };
  KERNEL_NO_CHUNKS: { kernel: string };
  POLICY_UNSUPPORTED: { kernel: string; policy: string; supported: string };
  KERNEL_THREW: { kernel: string; cause: string; unit?: number };
  KERNEL_TIMEOUT: { kernel: string; limitMs: number; unit?: number };
  KERNEL_MEMORY: { kernel: string; limitBytes: number; unit?: number };
  KERNEL_RESULT_TOO_LARGE: { kernel: string; limitBytes: number; sizeBytes: number; unit?: number };
  KERNEL_RESULT_INVALID: { kernel: string; cause: string; unit?: number };
  GUEST_MODULE_INVALID: { what: string; expected: string; received: string; remedy?: string };
  GUEST_TRAPPED: { kernel: string; trap: string; cause: string; unit?: number };
  GUEST_FAILED: { kernel: string; status: number; unit?: number };
  MODEL_NOT_ONNX: { file: string; cause: string; remedy?: string };
  MODEL_INPUT_MISMATCH: { input: string; expected: string; received: string };
  TENSOR_INVALID: { input: string; cause: string };
  TENSOR_SHAPE: { input: string; expected: string; received: string };
  TENSOR_TYPE: { input: string; expected: string; received: string };
  TENSOR_VALUE: { input: string; at: string; expected: string; received: string };
  DEVICE_LOST: { reason: string };
  DEVICE_UNSUPPORTED: { missing: string };
  GPU_NOT_FOUND: { cause: string };
  DEVICE_MEMORY: { needed: string };
  SHADER_INVALID: { shader: string; line: number; column: number; cause: string };
  SHADER_MANIFEST_INVALID: { path: string; expected: string; received: string };
  BLOB_MISSING: { digest: string };
  BLOB_CORRUPT: { expected: string; received: string };
  BLOB_TOO_LARGE: { limitBytes: number; sizeBytes: number };
  BLOB_RANGE: { offset: number; sizeBytes: number };
  ESCROW_TOO_SMALL: { jobId: string; expected: string; received: string };
  BALANCE_TOO_SMALL: { account: string; what: string; expected: string; received: string };
  WRONG_NETWORK: { expected: number; received: number };
  WALLET_REJECTED: { action: string };
  WALLET_MISSING: { action: string };
  CHAIN_UNREACHABLE: { url: string; cause: string };
  CHAIN_REVERTED: { contract: string; reason: string };
  CHAIN_STATE_LOST: { path: string; missing: string };
  SETTLEMENT_SHORTFALL: { epoch: number; missing: string };
  CLAIM_EMPTY: { account: string };
  RESULT_INVALID: { file: string; check: string; cause: string };
  PORT_IN_USE: { port: number };
  BROWSER_MISSING: { tried: string };
  DATA_LOCKED: { path: string; pid: number };
  JOURNAL_CORRUPT: { index: number; cause: string };
  LOG_TILE_INVALID: { path: string; cause: string };
  LOG_ENTRY_MISMATCH: { index: number; expected: string; received: string };
  LOG_ROOT_MISMATCH: { size: number; expected: string; received: string };
  NOTE_INVALID: { cause: string };
  CHECKPOINT_INVALID: { cause: string };
  CHECKPOINT_NOT_EXTENDED: { oldSize: number; newSize: number; oldRoot: string; newRoot: string; cause: string };
  AUDIT_DIFFERENCE: { index: number; what: string; expected: string; received: string };
  DISK_FULL: { path: string };
  RELAY_UNREACHABLE: { url: string; cause: string };
  FAUCET_EXHAUSTED: { account: string; retryAfterMs: number };
  INTERRUPTED: { next: string };
  USAGE: { message: string };
  NOT_FOUND: { what: string };
  HOST_UNKNOWN: { host: string };
}

export type ErrorCode = keyof ErrorDetails;

/** Of a field that was looked at: what was expected and what was got, or that it is missing (`parse.ts`). */
const mismatch = ({ expected, received }: { expected: string; received: string }): string =>
  received.startsWith(NOTHING)
    ? `is missing${received.slice(NOTHING.length)}.`
    : `expected ${expected}, got ${received}.`;

/** What a field that is not there was received as. */
export const NOTHING = 'nothing';

/** Told by whoever runs several units and has no other place to say which. */
const inUnit = ({ unit }: { unit?: number }): string => (unit === undefined ? '' : `Unit ${unit} (they begin at 0): `);

/** A sentence's end where there is none. */
const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

export const errorMessages: { readonly [C in ErrorCode]: (details: ErrorDetails[C]) => string } = {
  UNEXPECTED: (d) => `Something failed that should not: ${d.cause}. Please report it with this text.`,
  MESSAGE_INVALID: (d) => `Message field "${d.path}" ${mismatch(d)}`,
  MESSAGE_TOO_LARGE: (d) =>
    `A message may have ${d.limitBytes} bytes; this one has ${d.sizeBytes}. Send bulk bytes as frames.`,
  MESSAGE_REPLAYED: (d) =>
    `Message ${d.seq} was already received; the last one was ${d.last}. It was not counted again.`,
  MESSAGE_OUT_OF_ORDER: (d) =>
    `A "${d.received}" message came where ${d.expected} was expected. Reconnect to start again.`,
  PROTOCOL_VERSION: (d) => `This relay speaks protocol ${d.expected}; the node speaks ${d.received}. Reload to update.`,
  CHANNEL_CLOSED: (d) => `The connection has ended (${d.reason}). The node reconnects by itself.`,
  CHANNEL_UNAVAILABLE: (d) => `No connection to the relay; tried ${d.tried}. ${d.cause}`,
  RATE_LIMITED: (d) => `Too many requests. Try again in ${Math.ceil(d.retryAfterMs / 1000)} s.`,
  SIGNATURE_INVALID: (d) => `The signature of the ${d.what} should be by ${d.expected}, but is by ${d.received}.`,
  CONSENT_MISSING: (d) => `No work is given without consent: ${d.reason}. Press Start and agree.`,
  CONSENT_EXPIRED: (d) => `The consent ended at ${d.expiredAt}. Press Start to give it again.`,
  SITE_UNKNOWN: (d) => `The site "${d.site}" is not registered with this relay. Check the site attribute.`,
  SIGNALLING_TOKEN_INVALID: (d) =>
    `The signalling token was refused: ${d.reason}. Ask POST /api/session for a new one.`,
  NODE_UNKNOWN: (d) => `Node ${d.nodeId} has not joined this relay.`,
  LEASE_MISSING: (d) => `Node ${d.nodeId} holds no lease on ${d.workUnitId}; the result was not counted.`,
  LEASE_EXPIRED: (d) => `The lease on ${d.workUnitId} ended ${d.lateMs} ms ago; the result was not counted.`,
  ATTESTATION_MISMATCH: (d) =>
    `The attestation of ${d.workUnitId} names ${d.field} ${d.received}; expected ${d.expected}.`,
  SEAL_REPEATED: (d) =>
    `A seal for ${d.workUnitId} is entered already; another one was expected to be the same. The first one stays.`,
  SEAL_MISMATCH: (d) =>
    `The result revealed for ${d.workUnitId} is not the one that was sealed. It was not counted; send what was sealed.`,
  REVEAL_WITHOUT_COMMIT: (d) =>
    `A result for ${d.workUnitId} came before its seal. It was not counted; send the seal first.`,
  CHUNK_WRONG: (d) =>
    `A chunk of the result of ${d.workUnitId} was recomputed and came out differently. The result was not accepted.`,
  CHECK_WRONG: (d) => `The check of ${d.workUnitId} named a chunk that came out differently when it was recomputed.`,
  CERTIFICATE_REJECTED: (d) => `The result of ${d.workUnitId} failed its kernel's check. It was not accepted.`,
  RESULT_OUTVOTED: (d) => `Other nodes got another result for ${d.workUnitId}, and theirs was accepted.`,
  RESULT_VOIDED: (d) =>
    `The result of ${d.workUnitId} is void, because another result of the same node or wallet was found to be wrong.`,
  NODE_BARRED: (d) =>
    `This node gets no work until ${d.until}, because a result of it or of its wallet was found to be wrong (${d.reason}). See the page on verdicts for what to do.`,
  JOB_FILE_UNREADABLE: (d) => `The job file ${d.file} cannot be read: ${d.cause}`,
  JOB_FILE_TOO_LARGE: (d) =>
    `A job may have ${d.limitBytes} bytes; this one has ${d.sizeBytes}. Use larger units or move data into input files.`,
  JOB_FILE_INVALID: (d) => `The job's "${d.path}" ${mismatch(d)}`,
  JOB_UNKNOWN: (d) => `There is no job ${d.jobId} at this relay.`,
  JOB_EXPIRED: (d) => `Job ${d.jobId} expired at ${d.expiredAt}; its unspent escrow returns.`,
  JOB_STATE: (d) => `Job ${d.jobId} is ${d.received}; this needs ${d.expected}.`,
  CONTROL_REPEATED: (d) =>
    `Job ${d.jobId} has already taken wish ${d.last}, so ${d.nonce} was not taken. Sign it again with a later number.`,
  JOB_NOT_FINISHED: (d) => `Job ${d.jobId} is still ${d.status}; its results are not complete yet.`,
  JOB_UNITS_FAILED: (d) => `${d.failed} of ${d.units} work units of ${d.jobId} failed; their price was not spent.`,
  ORDER_MISMATCH: (d) => `The order's ${d.field} is ${d.received}; the job needs ${d.expected}. Sign it again.`,
  KERNEL_UNKNOWN: (d) => `There is no kernel "${d.kernel}". Known: ${d.known}.`,
  KERNEL_VERSION_UNKNOWN: (d) => `Kernel ${d.kernel} is not served. Served versions: ${d.known}.`,
  KERNEL_DIGEST_MISMATCH: (d) =>
    `Kernel ${d.kernel} has digest ${d.expected} here, the job names ${d.received}. Update the client.`,
  KERNEL_PARAMS_INVALID: (d) => `Parameter "${d.path}" of ${d.kernel} ${mismatch(d)}`,
  KERNEL_INPUT_MISSING: (d) => `Kernel ${d.kernel} needs the input "${d.input}", which was not given.`,
  KERNEL_NO_CHUNKS: (d) =>
    `Results of kernel ${d.kernel} cannot be computed chunk by chunk. Compute the whole unit, or check it by quorum.`,
  POLICY_UNSUPPORTED: (d) =>
    `Results of kernel ${d.kernel} cannot be checked by "${d.policy}". It supports: ${d.supported}. Choose one of those.`,
  KERNEL_THREW: (d) =>
    `${inUnit(d)}Kernel ${d.kernel} failed: ${ended(d.cause)} ${d.kernel.startsWith('onnx@') ? 'Check that the model runs in onnxruntime, and that its inputs have the shapes it was exported for.' : 'Try it with other inputs; if it fails again, report it with this text.'}`,
  KERNEL_TIMEOUT: (d) =>
    `${inUnit(d)}Kernel ${d.kernel} did not finish within ${d.limitMs < 10_000 ? `${d.limitMs} ms` : `${Math.round(d.limitMs / 1000)} s`} and was stopped. Does a loop not end? Otherwise make units smaller${d.unit === undefined ? '' : ', or allow more with --seconds N'}.`,
  KERNEL_MEMORY: (d) =>
    `${inUnit(d)}Kernel ${d.kernel} needed more than ${d.limitBytes} bytes of memory and was stopped.`,
  KERNEL_RESULT_TOO_LARGE: (d) =>
    `${inUnit(d)}A result of ${d.kernel} may have ${d.limitBytes} bytes; this one has ${d.sizeBytes}.`,
  KERNEL_RESULT_INVALID: (d) => `${inUnit(d)}A result of ${d.kernel} cannot be read: ${d.cause}`,
  GUEST_MODULE_INVALID: (d) =>
    `The WebAssembly module is refused: ${d.what} should be ${d.expected}, but is ${d.received}. ${d.remedy === undefined ? '' : `${d.remedy} `}See docs/kernels.md.`,
  GUEST_TRAPPED: (d) =>
    `${inUnit(d)}The program run by ${d.kernel} was stopped by WebAssembly (${d.trap === d.cause ? '' : `${d.trap}: `}${d.cause}).${d.unit === undefined ? ' Try it with: reckon kernel run.' : ''}`,
  GUEST_FAILED: (d) =>
    `${inUnit(d)}The program run by ${d.kernel} ended with its own error number ${d.status}; 0 was expected. Its author knows what it means.`,
  MODEL_NOT_ONNX: (d) =>
    `${d.file} is not an ONNX model that can be run: ${ended(d.cause)} ${d.remedy ?? 'Export the model as .onnx.'}`,
  MODEL_INPUT_MISMATCH: (d) => `Model input "${d.input}" expected ${d.expected}, got ${d.received}.`,
  TENSOR_INVALID: (d) => `Input "${d.input}" is not a .npy tensor: ${d.cause}`,
  TENSOR_SHAPE: (d) => `Tensor "${d.input}" expected shape ${d.expected}, got ${d.received}.`,
  TENSOR_TYPE: (d) => `Tensor "${d.input}" expected type ${d.expected}, got ${d.received}.`,
  TENSOR_VALUE: (d) => `Tensor "${d.input}" expected ${d.expected} at ${d.at}, got ${d.received}.`,
  DEVICE_LOST: (d) => `The GPU device was lost (${d.reason}); the node goes on with a new one, or on WebAssembly.`,
  DEVICE_UNSUPPORTED: (d) =>
    `This browser lacks ${d.missing}. Use a current version of Chrome, Edge, Firefox or Safari.`,
  GPU_NOT_FOUND: (d) =>
    `No GPU was found: ${d.cause}. Install the Vulkan driver of the one there is, or take Chromium's software GPU: export VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json (or where that file lies).`,
  DEVICE_MEMORY: (d) => `The GPU has no memory for ${d.needed}. Close other pages that use it, or cut smaller units.`,
  SHADER_INVALID: (d) =>
    d.line > 0
      ? `Shader "${d.shader}" is wrong at line ${d.line}, column ${d.column}: ${d.cause}. Correct it there.`
      : `Shader "${d.shader}" cannot run: ${d.cause}. Correct it.`,
  SHADER_MANIFEST_INVALID: (d) => `The shader's manifest: "${d.path}" ${mismatch(d)}`,
  BLOB_MISSING: (d) => `Blob ${d.digest} is not stored here. Upload it first.`,
  BLOB_CORRUPT: (d) =>
    `The bytes have digest ${d.received}, not ${d.expected}; they were thrown away. Send them again.`,
  BLOB_TOO_LARGE: (d) => `A blob may have ${d.limitBytes} bytes; this one has ${d.sizeBytes}.`,
  BLOB_RANGE: (d) => `Offset ${d.offset} is outside the blob of ${d.sizeBytes} bytes.`,
  ESCROW_TOO_SMALL: (d) =>
    `Job ${d.jobId} needs ${d.expected} in escrow, but holds ${d.received}. Fund the difference.`,
  BALANCE_TOO_SMALL: (d) =>
    `${d.account} needs ${d.expected} of ${d.what}, but has ${d.received}. Add the difference or choose another wallet.`,
  WRONG_NETWORK: (d) =>
    `The wallet is on chain ${d.received}; this relay settles on chain ${d.expected}. Switch the network.`,
  WALLET_REJECTED: (d) => `The wallet refused to ${d.action}; nothing was changed.`,
  WALLET_MISSING: (d) => `No wallet is connected, which is needed to ${d.action}.`,
  CHAIN_UNREACHABLE: (d) => `The chain at ${d.url} does not answer: ${d.cause}`,
  CHAIN_REVERTED: (d) => `${d.contract} refused the transaction: ${d.reason}`,
  CHAIN_STATE_LOST: (d) =>
    `The chain kept in ${d.path} does not hold ${d.missing}, which the jobs there refer to. Restore the folder from a copy, or start with --fresh.`,
  SETTLEMENT_SHORTFALL: (d) =>
    `Epoch ${d.epoch} promises ${d.missing} wei more than the settlement got: a job was refunded before its charge came. Pay the difference in with Settlement.cover; the relay then posts the epoch by itself.`,
  CLAIM_EMPTY: (d) =>
    `There is nothing to claim for ${d.account} yet. Rewards become claimable when their epoch is final.`,
  RESULT_INVALID: (d) => `${d.file} fails the check "${d.check}": ${d.cause}`,
  PORT_IN_USE: (d) => `Port ${d.port} is in use. Stop the other program or choose another with --port.`,
  BROWSER_MISSING: (d) => `No browser was found; tried ${d.tried}. Install Chromium, or set CHROMIUM_PATH.`,
  DATA_LOCKED: (d) => `${d.path} is in use by process ${d.pid}. Stop it, or choose another folder with --data.`,
  DISK_FULL: (d) => `There is no room left on the disk for ${d.path}. Free some; nothing that was confirmed is lost.`,
  JOURNAL_CORRUPT: (d) => `Journal entry ${d.index} cannot be read: ${d.cause}. Restore the data folder from a copy.`,
  LOG_TILE_INVALID: (d) => `The log's ${d.path} cannot be read: ${d.cause}.`,
  LOG_ENTRY_MISMATCH: (d) =>
    `Log entry ${d.index} is not what the log's tree holds: expected hash ${d.expected}, got ${d.received}. Somebody changed the log; keep what you downloaded.`,
  LOG_ROOT_MISMATCH: (d) =>
    `The ${d.size} log entries that were served have root ${d.received}; the signed checkpoint says ${d.expected}. They agree among themselves, so the whole log is another than the one that was signed.`,
  NOTE_INVALID: (d) => `The signed note is refused: ${d.cause}.`,
  CHECKPOINT_INVALID: (d) => `The log's checkpoint is refused: ${d.cause}.`,
  CHECKPOINT_NOT_EXTENDED: (d) =>
    `The checkpoint of ${d.newSize} entries (root ${d.newRoot}) does not extend the one of ${d.oldSize} (root ${d.oldRoot}): ${d.cause}. Two such checkpoints, both signed, show that the log was rewritten; keep both.`,
  AUDIT_DIFFERENCE: (d) =>
    `Log entry ${d.index}: ${d.what} should be ${d.expected}, but is ${d.received}. Keep the checkpoint and this entry; together they show it to anybody.`,
  RELAY_UNREACHABLE: (d) =>
    `The relay at ${d.url} does not answer: ${d.cause}. Is it running? Start it with npm start, or name another with --relay or RECKON_RELAY.`,
  FAUCET_EXHAUSTED: (d) => `${d.account} has had its test money. More in ${Math.ceil(d.retryAfterMs / 1000)} s.`,
  INTERRUPTED: (d) => `Interrupted. ${d.next}`,
  USAGE: (d) => d.message,
  HOST_UNKNOWN: (d) =>
    `This relay does not answer as "${d.host}". Open it by its address, or name that host in its publicOrigin.`,
  NOT_FOUND: (d) => `${d.what} was not found.`,
};
