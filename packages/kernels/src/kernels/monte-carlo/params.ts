import { ReckonError } from '@reckon/protocol/base/errors';
import { kernelName, MAX_CHUNKS } from '@reckon/protocol/model/kernel-manifest';
import * as v from 'valibot';
import { declaredNumber, parseParams, parseParamsJson, whole } from '../../params.ts';
import { checkUnitCount } from '../../plan.ts';
import { monteCarloManifest } from './manifest.ts';

const number = (name: string) => declaredNumber(monteCarloManifest, name);
const Problem = v.picklist(['pi', 'european', 'asian']);
const Generator = v.picklist(['philox4x32-10', 'threefry4x32-20']);
export type Generator = v.InferOutput<typeof Generator>;
const Option = v.picklist(['call', 'put']);

const Order = v.strictObject({
  problem: v.optional(Problem, 'pi'),
  generator: v.optional(Generator, 'philox4x32-10'),
  option: v.optional(Option, 'call'),
  paths: number('paths'),
  seed: number('seed'),
  stream: number('stream'),
  pathsPerBlock: number('pathsPerBlock'),
  blocks: number('blocks'),
  spot: number('spot'),
  strike: number('strike'),
  rate: number('rate'),
  volatility: number('volatility'),
  years: number('years'),
  steps: number('steps'),
});
/** What the requester asks for. */
export type Order = v.InferOutput<typeof Order>;

/** log₂ of growth is kept in 27 fraction bits; volatility · √years / ln 2 in 31; prices, as shares of today's, in 22. */
export const LOG_BITS = 27;
export const SPREAD_BITS = 31;
export const PRICE_BITS = 22;
/** Longest mean and standard deviation of log growth; with them no step reaches 8 in log₂ (fixed-point.ts). */
const MAX_LOG = 0.75;
/** Strike over spot at most: as far as prices go. */
const MAX_STRIKE = 256;

/** Random words in a block at most, so that plain TypeScript recomputes one within a second. */
const MAX_BLOCK_DRAWS = 2 ** 20;

const paths = {
  generator: Generator,
  seed: whole(0, Number.MAX_SAFE_INTEGER),
  stream: whole(0, 2 ** 32 - 1),
  /** First path of the unit and how many there are; path i takes the words from i · draws on. */
  first: whole(0, 2 ** 40),
  paths: whole(1, MAX_CHUNKS * MAX_BLOCK_DRAWS),
  pathsPerBlock: whole(1, MAX_BLOCK_DRAWS),
};
const option = {
  option: Option,
  /** Mean of log₂ growth in a step, and its standard deviation. */
  drift: whole(-Math.ceil((MAX_LOG / Math.LN2) * 2 ** LOG_BITS), Math.ceil((MAX_LOG / Math.LN2) * 2 ** LOG_BITS)),
  spread: whole(0, Math.ceil((MAX_LOG / Math.LN2) * 2 ** SPREAD_BITS)),
  /** Strike over spot. */
  strike: whole(0, MAX_STRIKE * 2 ** PRICE_BITS),
};
const Unit = v.variant('problem', [
  v.strictObject({ problem: v.literal('pi'), ...paths }),
  v.strictObject({ problem: v.literal('european'), ...paths, ...option }),
  v.strictObject({ problem: v.literal('asian'), ...paths, ...option, steps: whole(1, 256) }),
]);
/** One work unit: whole numbers only. */
export type Unit = v.InferOutput<typeof Unit>;
export type OptionUnit = Exclude<Unit, { problem: 'pi' }>;

/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readOrder = (params: unknown): Order => checked(parseParams(monteCarloManifest, Order, params));
/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readOrderJson = (json: string): Order => checked(parseParamsJson(monteCarloManifest, Order, json));

function checked(order: Order): Order {
  checkUnitCount(monteCarloManifest, 'blocks', order.blocks, Math.ceil(order.paths / pathsPerUnit(order)));
  const draws = order.pathsPerBlock * drawsOf(order);
  refuseAbove('pathsPerBlock', draws, MAX_BLOCK_DRAWS, 'random words in a block');
  if (order.problem === 'pi') return order;
  const { volatility, rate, years, strike, spot } = order;
  refuseAbove('volatility', volatility * Math.sqrt(years), MAX_LOG, 'as volatility · √years');
  refuseAbove(
    'rate',
    Math.abs(rate - (volatility * volatility) / 2) * years,
    MAX_LOG,
    'as |rate − volatility² / 2| · years',
  );
  refuseAbove('strike', strike / spot, MAX_STRIKE, 'as strike / spot');
  return order;
}

/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export function readUnit(json: string): Unit {
  const unit = parseParamsJson(monteCarloManifest, Unit, json);
  const draws = drawsOf(unit);
  refuseAbove('pathsPerBlock', unit.pathsPerBlock * draws, MAX_BLOCK_DRAWS, 'random words in a block');
  refuseAbove('paths', Math.ceil(unit.paths / unit.pathsPerBlock), MAX_CHUNKS, 'blocks in a unit');
  return unit;
}

/** Random words of one path. */
export function drawsOf(of: Pick<Order, 'problem' | 'steps'> | Unit): number {
  if (of.problem === 'pi') return 2;
  return of.problem === 'asian' ? of.steps : 1;
}

const pathsPerUnit = ({ pathsPerBlock, blocks }: Order): number => pathsPerBlock * blocks;

/** Paths of each unit of an order, in order. */
export function unitSpans(order: Order): { first: number; paths: number }[] {
  const { paths } = order;
  const each = pathsPerUnit(order);
  return Array.from({ length: Math.ceil(paths / each) }, (_, i) => ({
    first: i * each,
    paths: Math.min(each, paths - i * each),
  }));
}

/** The order's units. Only operations that IEEE 754 rounds alike everywhere, since the units are signed. */
export function unitsOf(order: Order): Unit[] {
  const { problem, generator, seed, stream, pathsPerBlock } = order;
  const terms = problem === 'pi' ? undefined : optionTerms(order);
  return unitSpans(order).map((span) => {
    const common = { generator, seed, stream, ...span, pathsPerBlock };
    if (problem === 'pi' || terms === undefined) return { problem: 'pi', ...common };
    return problem === 'asian'
      ? { problem, ...common, ...terms, steps: order.steps }
      : { problem, ...common, ...terms };
  });
}

function optionTerms(order: Order) {
  const { option, spot, strike, rate, volatility, years } = order;
  const step = years / drawsOf(order);
  return {
    option,
    drift: Math.round((((rate - (volatility * volatility) / 2) * step) / Math.LN2) * 2 ** LOG_BITS),
    spread: Math.round(((volatility * Math.sqrt(step)) / Math.LN2) * 2 ** SPREAD_BITS),
    strike: Math.round((strike / spot) * 2 ** PRICE_BITS),
  };
}

function refuseAbove(path: string, value: number, limit: number, what: string): void {
  if (value <= limit) return;
  throw new ReckonError('KERNEL_PARAMS_INVALID', {
    kernel: kernelName(monteCarloManifest),
    path,
    expected: `a value that gives at most ${limit} ${what}`,
    received: `one that gives ${value}`,
  });
}
