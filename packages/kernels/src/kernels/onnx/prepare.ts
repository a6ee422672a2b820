import type { onnx } from 'onnx-proto';
import { toHex } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { UnitInput } from '../../kernel.ts';
import { type DecodedModel, decodeModel } from './decode.ts';
import { requireData } from './external-data.ts';
import { tensorsOf } from './graph-check.ts';
import { describeModel, type OnnxModel } from './model.ts';
import { planRows, type RowPlan } from './rows.ts';
import { isOnnx, OLDEST_SET, upgradeGraph } from './upgrade.ts';

/** A model as a worker runs it. */
export interface Prepared {
  /** The same for the same bytes of the model and its files. */
  key: string;
  model: OnnxModel;
  rows: RowPlan;
  /** Does it compute in half precision? */
  half: boolean;
  /** For the engine: the job's own bytes, or those of the same model said in a newer operator set. */
  bytes: Uint8Array;
  /** The files of weights, by the location that the model names. */
  data: ReadonlyMap<string, Uint8Array>;
}

const NAME = 'The model';
// Units of one stage come in a row.
let last: Prepared | undefined;

/**
 * Reads a unit's model, once for all units that share it.
 * @throws {ReckonError} MODEL_NOT_ONNX, MODEL_INPUT_MISMATCH
 */
export async function prepareModel(bytes: Uint8Array, input: UnitInput): Promise<Prepared> {
  const modelKey = await digestOf(input, 'model', bytes);
  if (last?.data.size === 0 && last.key === modelKey) return last;
  const decoded = await decodeModel(NAME, bytes);
  const model = describeModel(NAME, decoded);
  const data = requireData(model.files, (location) => input.blobs.get(location));
  const keys = [modelKey];
  for (const [location, part] of data) keys.push(await digestOf(input, location, part));
  const key = keys.join(' ');
  if (last?.key === key) return last;
  const half = isHalf(decoded);
  last = { key, model, rows: planRows(model), half, bytes: upgraded(decoded, bytes), data };
  return last;
}

/** The digest that the caller knows, or the platform's SHA-256, which reads a 100 MB model in a tenth of a second. */
export async function digestOf({ digests }: UnitInput, name: string, bytes: Uint8Array): Promise<string> {
  const known = digests?.get(name);
  if (known !== undefined) return known;
  if (globalThis.crypto?.subtle !== undefined) {
    return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)));
  }
  return hashBlob(bytes);
}

function upgraded({ proto, model, graph, version }: DecodedModel, bytes: Uint8Array): Uint8Array {
  if (version >= OLDEST_SET) return bytes;
  upgradeGraph(NAME, proto, graph, version);
  for (const set of model.opsetImport ?? []) if (isOnnx(set.domain)) set.version = OLDEST_SET;
  return proto.ModelProto.encode(model).finish();
}

const FLOAT16 = 10;

function isHalf({ graph }: DecodedModel): boolean {
  const isHalfPort = ({ type }: onnx.IValueInfoProto) => type?.tensorType?.elemType === FLOAT16;
  if ([...(graph.input ?? []), ...(graph.valueInfo ?? []), ...(graph.output ?? [])].some(isHalfPort)) return true;
  for (const { dataType } of tensorsOf(graph)) if (dataType === FLOAT16) return true;
  return false;
}
