/** Unit roundoff of f32. */
const U = 2 ** -24;
/** Below it lies every sum of rounded products whose sizes add up to no more; f32 goes up to 2¹²⁸. */
const MOST = 2 ** 127;
/** The smallest normal f32: a GPU may take anything below for zero. */
const TINY = 2 ** -126;

/** The exact value of an element of a product, and how far an f32 sum in any order, fused or not, may lie from it. */
export interface ElementBound {
  exact: number;
  bound: number;
  /** Whether f32 holds every sum of some of the products, whatever the order; where it does not, the device may give anything. */
  holds: boolean;
}

/**
 * Σ aᵢbᵢ in f64 over k values, and 2·k·u·Σ|aᵢ||bᵢ| (Higham, Accuracy and Stability of Numerical Algorithms, 3.1: γ_k,
 * whatever the order; twice that, since WGSL lets a device round either way) and what flushing to zero can take.
 */
export function elementBound(k: number, a: (p: number) => number, b: (p: number) => number): ElementBound {
  let exact = 0;
  let size = 0;
  let flushed = 0;
  for (let p = 0; p < k; p++) {
    const [x, y] = [a(p), b(p)];
    exact += x * y;
    size += Math.abs(x * y);
    flushed += Math.abs(x) + Math.abs(y) + 2;
  }
  return { exact, bound: 2 * k * U * size + TINY * flushed, holds: size <= MOST };
}
