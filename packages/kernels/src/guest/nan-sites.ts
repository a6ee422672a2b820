import { type FloatShape, type Instruction, instructionOf } from './opcodes.ts';

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

const NOTHING = -1;
const DROP = instructionOf(0x1a);

export function createNanTracker(): NanTracker {
  const made: NanSite[] = [];
  const seen: boolean[] = [];
  // Numbers of `made`, or `NOTHING` for a value that needs nothing.
  const stack: number[] = [];
  let height = 0;
  const see = (value: number) => {
    if (value >= 0) seen[value] = true;
  };

  return {
    step(instruction, end) {
      if (instruction.control) {
        while (height > 0) see(stack[--height] as number);
        return;
      }
      const { pops, pushes, eats, makes } = instruction;
      // Below what is followed lie values of before: they count as seen already.
      for (let i = 0; i < pops && height > 0; i++) {
        const value = stack[--height] as number;
        if (value >= 0 && made[value]?.shape !== eats && instruction !== DROP) see(value);
      }
      if (pushes === 0) return;
      stack[height++] = makes === undefined ? NOTHING : made.push({ at: end, shape: makes }) - 1;
    },
    finish() {
      while (height > 0) see(stack[--height] as number);
      return made.filter((_site, i) => seen[i]);
    },
  };
}
