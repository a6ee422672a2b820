import { elementCount } from '../../tensor/tensor.ts';

/** A float tensor in f64. */
export interface Values {
  shape: readonly number[];
  data: Float64Array;
}

/** A node's attributes, with ONNX's defaults given by the operator. */
export interface Attributes {
  int(name: string, fallback: number): number;
  ints(name: string, fallback: number[]): number[];
}

type Operator = (args: readonly Values[], attributes: Attributes) => Values;
type Shape4 = [number, number, number, number];

/** Operators as https://onnx.ai/onnx/operators/ defines them, for the attributes that small classifiers use. */
export const operators: Readonly<Record<string, Operator>> = {
  Conv([x, w, bias], { ints }) {
    const [count, channels, height, width] = (x as Values).shape as Shape4;
    const [filters, , kernelY, kernelX] = (w as Values).shape as Shape4;
    const [top = 0, left = 0, bottom = 0, right = 0] = ints('pads', [0, 0, 0, 0]);
    const [strideY = 1, strideX = 1] = ints('strides', [1, 1]);
    const outY = Math.floor((height + top + bottom - kernelY) / strideY) + 1;
    const outX = Math.floor((width + left + right - kernelX) / strideX) + 1;
    return build([count, filters, outY, outX], ([n = 0, f = 0, y = 0, z = 0]) => {
      let sum = bias?.data[f] ?? 0;
      for (let c = 0; c < channels; c++) {
        for (let ky = 0; ky < kernelY; ky++) {
          for (let kx = 0; kx < kernelX; kx++) {
            const [sy, sx] = [y * strideY + ky - top, z * strideX + kx - left];
            if (sy < 0 || sx < 0 || sy >= height || sx >= width) continue;
            sum +=
              at(w, ((f * channels + c) * kernelY + ky) * kernelX + kx) *
              at(x, ((n * channels + c) * height + sy) * width + sx);
          }
        }
      }
      return sum;
    });
  },
  MaxPool([x], { ints }) {
    const [count, channels, height, width] = (x as Values).shape as Shape4;
    const [kernelY = 1, kernelX = 1] = ints('kernel_shape', []);
    const [strideY = 1, strideX = 1] = ints('strides', [1, 1]);
    const shape = [
      count,
      channels,
      Math.floor((height - kernelY) / strideY) + 1,
      Math.floor((width - kernelX) / strideX) + 1,
    ];
    return build(shape, ([n = 0, c = 0, y = 0, z = 0]) => {
      let best = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < kernelY * kernelX; k++) {
        const [sy, sx] = [y * strideY + Math.floor(k / kernelX), z * strideX + (k % kernelX)];
        best = Math.max(best, at(x, ((n * channels + c) * height + sy) * width + sx));
      }
      return best;
    });
  },
  Gemm([a, b, c], { int }) {
    const [rows = 0, inner = 0] = (a as Values).shape;
    const transposed = int('transB', 0) === 1;
    const columns = (b as Values).shape[transposed ? 0 : 1] ?? 0;
    return build([rows, columns], ([i = 0, j = 0]) => {
      let sum = c?.data[j] ?? 0;
      for (let p = 0; p < inner; p++) sum += at(a, i * inner + p) * at(b, transposed ? j * inner + p : p * columns + j);
      return sum;
    });
  },
  Flatten([x], { int }) {
    const { shape, data } = x as Values;
    const axis = int('axis', 1);
    return { shape: [elementCount(shape.slice(0, axis)), elementCount(shape.slice(axis))], data };
  },
  Relu: ([x]) => ({ shape: (x as Values).shape, data: (x as Values).data.map((value) => Math.max(0, value)) }),
  Softmax([x]) {
    const { shape, data } = x as Values;
    const classes = shape.at(-1) as number;
    const out = data.slice();
    for (let row = 0; row < out.length; row += classes) {
      const part = out.subarray(row, row + classes);
      const top = Math.max(...part);
      part.set(part.map((value) => Math.exp(value - top)));
      const sum = part.reduce((total, value) => total + value, 0);
      part.set(part.map((value) => value / sum));
    }
    return { shape, data: out };
  },
};

const at = (values: Values | undefined, index: number): number => (values as Values).data[index] as number;

/** A tensor whose every element is computed from its indexes. */
function build(shape: readonly number[], element: (indexes: readonly number[]) => number): Values {
  const indexes = shape.map(() => 0);
  const data = Float64Array.from({ length: elementCount(shape) }, () => {
    const value = element(indexes);
    for (let d = shape.length - 1; d >= 0; d--) {
      indexes[d] = (indexes[d] as number) + 1;
      if ((indexes[d] as number) < (shape[d] as number)) break;
      indexes[d] = 0;
    }
    return value;
  });
  return { shape, data };
}
