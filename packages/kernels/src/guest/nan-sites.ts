import type { FloatShape, Instruction } from './opcodes.ts';

/** Where a float instruction ends whose NaNs must be made one. */
export interface NanSite {
  /** First byte after the instruction. */
  at: number;
  shape: FloatShape;
}

/**
 * Finds, instruction by instruction, the float results whose bits the program might see. A result that goes straight into
 * an instruction of the same shape, which does the same whatever NaN it is given, needs nothing: that one's own result is
 * looked after. Only values on the stack between two points of control are followed; all others count as seen.
 */
export interface NanTracker {
  step(instruction: Instruction, end: number): void;
  /** The sites that are left, in order. */
  finish(): NanSite[];
}

export function createNanTracker(): NanTracker {
  const made: { site: NanSite; seen: boolean }[] = [];
  // Numbers of `made`, or -1 for a value that needs nothing.
  const stack: number[] = [];
  const see = (value: number | undefined) => {
    const entry = value === undefined || value < 0 ? undefined : made[value];
    if (entry !== undefined) entry.seen = true;
  };

  return {
    step(instruction, end) {
      if (instruction.control) {
        for (const value of stack) see(value);
        stack.length = 0;
        return;
      }
      const isDrop = instruction.pops === 1 && instruction.pushes === 0 && instruction.immediate === 'none';
      for (let i = 0; i < instruction.pops; i++) {
        const value = stack.pop();
        const shape = value === undefined || value < 0 ? undefined : made[value]?.site.shape;
        if (shape !== undefined && shape !== instruction.eats && !isDrop) see(value);
      }
      if (instruction.pushes === 0) return;
      if (instruction.makes === undefined) stack.push(-1);
      else {
        made.push({ site: { at: end, shape: instruction.makes }, seen: false });
        stack.push(made.length - 1);
      }
    },
    finish() {
      for (const value of stack) see(value);
      return made.filter(({ seen }) => seen).map(({ site }) => site);
    },
  };
}
