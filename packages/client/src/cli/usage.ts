import { ReckonError } from '@reckon/protocol/base/errors';

export const DEFAULT_RELAY = 'http://127.0.0.1:4280';

export const helpText = `reckon: compute together, and check it

  reckon run <job.json> --out DIR   post a job, fund it, wait, download and verify its results
  reckon node                       compute for others from this terminal
  reckon status [jobId]             the network, or one job
  reckon verify <folder|zip>        check a downloaded result: signatures, verdicts, Merkle paths, settlement
  reckon audit                      replay the relay's whole journal, and compare it with the chain and with own results
  reckon kernel run <program>       try your own .wasm, .wgsl or .onnx here, as volunteers would run it (docs/kernels.md)
  reckon claim [address]            collect what an account's nodes have earned
  reckon help                       this page

  --relay URL    the relay to talk to (RECKON_RELAY, or ${DEFAULT_RELAY}); kernel run talks to none
  --help         print this page
  --json         print one JSON object and nothing else on standard output
  --version      print the version

run
  --out DIR      folder for the results; an interrupted run goes on when started again with the same one
  --no-settle    do not wait until the work is settled on chain
node
  --workers N    kernels that run at once (default: half of the processor's threads, at most 4)
  --data DIR     the node's key, cache and unsent results (default: the config folder)
  --webrtc       connect by WebRTC rather than WebSocket
  --green-hours H-H   hours of the UTC day in which your electricity is green, as 10-16
  --grams-per-kwh G   what it emits, in grams of CO₂ per kWh
verify
  --relay URL    read the chain through this relay instead of the one the result came from
  --rpc URL      read the chain from here instead of through a relay
  --offline      do not read the chain at all
audit
  --rpc URL      read the chain from your own node instead of through the relay
  --units N      accepted units to compute again here (default: 5)
  --compare X    a checkpoint another auditor saw: a file, or its address
  --state FILE   where the newest checkpoint seen is kept (default: the config folder)
  --signatures S signatures of nodes to check: all, none or a share such as 0.1 (default: all)

kernel run
  --input FILE   what is cut into units (of an .onnx model: NAME=FILE.npy, for each of its inputs)
  --table FILE   what every unit is given whole (.wasm, .wgsl)
  --params JSON  what the program may read (.wasm, .wgsl)
  --units N      units, without an input (.wasm, .wgsl); each is told its number
  --per-unit N   rows or records of the input in one unit (.wasm; --rows for .wgsl, --batch for .onnx)
  --record-bytes N    bytes of a record, for an input that is not .npy (.wasm)
  --output-type T, --output-columns N    put the outputs together as a .npy of such numbers (.wasm)
  --manifest FILE     what a shader's bindings hold (.wgsl)
  --seconds N    stop a unit after so long, at most 300 (default: as long as a node of a job would have)
  --out DIR      folder for what the network would give back
  --check        run it four times, in three workers, and compare

Money: RECKON_PRIVATE_KEY is the wallet that pays for jobs, and that a node's rewards go to. On a chain with test money a demo wallet is made and filled.
Exit codes: 0 done and verified · 1 refused, with a code · 2 wrong usage
`;

/** @throws {ReckonError} USAGE. */
export const usage = (message: string): never => {
  throw new ReckonError('USAGE', { message });
};

/** Runs Node's own strict parser; its refusal becomes USAGE in words of ours. `command` is `run`, `kernel run` and so on. */
export function parsed<T>(command: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    return usage(refusedWords(command, error));
  }
}

function refusedWords(command: string, error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const named = /'(?:-\w, )?(-[^'\s]*)/.exec(text)?.[1] ?? /'([^']*)'/.exec(text)?.[1] ?? '';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `reckon ${command} does not take ${named}; see reckon help`;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return `reckon ${command} takes no "${named}"; see reckon help`;
  if (code !== 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return text;
  if (text.includes('does not take an argument'))
    return `${named} of reckon ${command} takes no value; see reckon help`;
  if (text.includes('ambiguous')) {
    return `${named} of reckon ${command} needs a value; one that begins with - is written ${named}=-…; see reckon help`;
  }
  return `${named} of reckon ${command} needs a value; see reckon help`;
}

/** An http(s) origin. @throws {ReckonError} USAGE. */
export function parseUrl(text: string, what: string): string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return usage(`${what} is not an http address: ${text.slice(0, 100)}`);
  }
  return text.replace(/\/+$/, '');
}
