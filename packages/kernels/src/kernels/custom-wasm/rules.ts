import { equalBytes } from '@reckon/protocol/base/bytes';
import type { KernelPlan, KernelRules } from '../../kernel.ts';
import { admitModule } from '../../guest/admit-module.ts';
import { requireBlob, requireInput } from '../../params.ts';
import { unitCost } from '../../plan.ts';
import { bareBytes, cutData, invalid } from './cut.ts';
import { customWasmManifest } from './manifest.ts';
import { mergeOutputs } from './merge.ts';
import { MAX_TABLE_BYTES, outputRowBytes, readOrder, readStage, readUnit, type Unit } from './params.ts';
import { inspectResult, writtenBytes } from './result.ts';

const SHARED = ['module', 'table'];

/** A module and its data in; what it wrote for each unit, in order, out. */
export const customWasmRules: KernelRules = {
  manifest: customWasmManifest,
  split(params, inputs): KernelPlan {
    const order = readOrder(params);
    const module = requireInput(customWasmManifest, inputs, 'module').bytes;
    admitModule(module);
    const unknown = [...inputs.keys()].find((name) => !customWasmManifest.inputs.some((input) => input.name === name));
    if (unknown !== undefined) throw invalid(`inputs.${unknown.slice(0, 60)}`, 'no such input', 'a file');
    const data = inputs.get('data');
    const pieces = data && cutData(data, order);
    if (pieces !== undefined && order.units !== 1) {
      throw invalid('units', '1 or nothing, since the data is cut by perUnit', String(order.units));
    }
    const tableFile = inputs.get('table');
    const table = tableFile && bareBytes('table', tableFile);
    if (table !== undefined && (table.length === 0 || table.length > MAX_TABLE_BYTES)) {
      throw invalid('inputs.table', `1 to ${MAX_TABLE_BYTES} bytes`, `${table.length} bytes`);
    }
    const units = pieces?.length ?? order.units;
    return {
      units: Array.from({ length: units }, (_, unit) => {
        const piece = pieces?.[unit];
        const own: Unit = {
          unit,
          units,
          ...(piece && { dataBytes: piece.length }),
          ...(table && { tableBytes: table.length }),
          outputRowBytes: outputRowBytes(order),
          params: order.params,
        };
        return { params: JSON.stringify(own), blobs: piece === undefined ? [] : [{ name: 'data', bytes: piece }] };
      }),
      shared: [{ name: 'module', bytes: module }, ...(table ? [{ name: 'table', bytes: table }] : [])],
      stageParams: JSON.stringify({ units, outputType: order.outputType, outputColumns: order.outputColumns }),
      ...unitCost(order.seconds),
    };
  },
  admit(shared) {
    admitModule(requireBlob(customWasmManifest, shared, 'module'));
    const odd = [...shared.keys()].find((name) => !SHARED.includes(name));
    if (odd !== undefined) throw invalid(`shared.${odd.slice(0, 60)}`, SHARED.join(' or '), 'another blob');
    const table = shared.get('table');
    if (table !== undefined && table.length > MAX_TABLE_BYTES) {
      throw invalid('shared.table', `at most ${MAX_TABLE_BYTES} bytes`, `${table.length} bytes`);
    }
  },
  inspect: (params, result) => inspectResult(() => readUnit(params), result),
  agree: equalBytes,
  merge: (stageParams, results) => mergeOutputs(readStage(stageParams), results),
  preview(params, _blobs, result) {
    const { unit, units, dataBytes } = readUnit(params);
    const on = dataBytes === undefined ? '' : ` on ${dataBytes.toLocaleString('en')} bytes of its data`;
    const wrote = result === undefined ? '' : `: wrote ${writtenBytes(result).length.toLocaleString('en')} bytes`;
    return { kind: 'text', text: `A requester's own program, unit ${unit + 1} of ${units}${on}${wrote}` };
  },
};
