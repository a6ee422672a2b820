// AssemblyScript: counts the primes among the numbers of one unit. docs/kernels.md says how it is built and run.
import { output_write, params_read, params_size, progress, unit_index } from './reckon';

const text = memory.data(16);
const result = memory.data(4);

/** The parameters are one number: how many numbers a unit looks at. 0 where they are anything else. */
function span(): i32 {
  const size = params_size();
  if (size > 8) return 0;
  params_read(text);
  let value = 0;
  for (let i = 0; i < size; i++) {
    const digit = <i32>load<u8>(text + i) - 48;
    if (digit < 0 || digit > 9) return 0;
    value = value * 10 + digit;
  }
  return value;
}

function isPrime(n: i32): bool {
  if (n < 4) return n > 1;
  if (n % 2 === 0) return false;
  for (let d = 3; d <= n / d; d += 2) if (n % d === 0) return false;
  return true;
}

export function run(): i32 {
  const count = span();
  if (count < 1 || count > 500_000) return 1; // an error number of our own
  const first = unit_index() * count;
  let primes = 0;
  for (let i = 0; i < count; i++) {
    if (isPrime(first + i)) primes++;
    if (i % 10_000 === 0) progress(<f64>i / count);
  }
  store<i32>(result, primes);
  output_write(result, 4);
  return 0;
}
