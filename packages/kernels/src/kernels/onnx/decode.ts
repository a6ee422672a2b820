import type { onnx } from 'onnx-proto';
import { checkGraph } from './graph-check.ts';
import { modelError } from './model-error.ts';
import { loadOnnxProto, type OnnxProto, toNumber } from './proto.ts';
import { isOnnx } from './upgrade.ts';

/** A model that was read and whose graph makes sense. */
export interface DecodedModel {
  proto: OnnxProto;
  model: onnx.IModelProto;
  graph: onnx.IGraphProto;
  /** Version of ONNX's own operator set. */
  version: number;
}

/** The newest operator set and file format of onnxruntime-web 1.30. */
export const NEWEST_SET = 26;
const NEWEST_FORMAT = 13;

/** Reads and checks a model file. @throws {ReckonError} MODEL_NOT_ONNX naming the file and what is wrong. */
export async function decodeModel(file: string, bytes: Uint8Array): Promise<DecodedModel> {
  const proto = await loadOnnxProto();
  const fail = (cause: string, remedy?: string) => modelError(file, cause, remedy);
  let model: onnx.IModelProto;
  try {
    model = proto.ModelProto.decode(bytes);
  } catch (error) {
    throw fail(`its bytes cannot be read (${error instanceof Error ? error.message.slice(0, 200) : 'unknown'}).`);
  }
  const graph = model.graph;
  // Almost any bytes decode as some protobuf; these three every runnable model has.
  if (!graph?.node?.length || !graph.output?.length || !model.opsetImport?.length) {
    throw fail('it holds no graph with nodes, outputs and an operator set.');
  }
  const set = model.opsetImport.find(({ domain }) => isOnnx(domain));
  const version = set === undefined ? NEWEST_SET : toNumber(set.version);
  if (!Number.isInteger(version) || version < 1 || version > NEWEST_SET) {
    throw fail(
      `its operator set is ${version}, and those from 1 to ${NEWEST_SET} can be run.`,
      `Export it with operator set ${NEWEST_SET} or lower.`,
    );
  }
  const format = toNumber(model.irVersion);
  if (format > NEWEST_FORMAT)
    throw fail(
      `its format (ir_version) is ${format}, and ${NEWEST_FORMAT} is the newest known.`,
      `Save it with ir_version ${NEWEST_FORMAT} or lower.`,
    );
  checkGraph(file, graph);
  return { proto, model, graph, version };
}
