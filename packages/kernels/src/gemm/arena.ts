import { reserve } from '../wasm/instantiate.ts';

/** A piece of a WASM memory, until it is freed. */
export interface Region {
  /** Byte address, a multiple of 64. */
  readonly at: number;
  readonly bytes: number;
  /** Gives it back; a second time does nothing. */
  free(): void;
}

const LINE = 64;
/** Vector loads may read so far behind the end of what they need. */
const SLACK = 64;

/** Hands out pieces of a WASM memory, each in the lowest gap that holds it; the memory grows when none does. */
export interface Arena {
  /** Contents are whatever was there. @throws {RangeError} when the platform has no more memory. */
  allocate(bytes: number): Region;
  /** Bytes in use, without gaps. */
  readonly used: number;
}

export function createArena(memory: WebAssembly.Memory): Arena {
  /** In order of their addresses. */
  const regions: Region[] = [];
  return {
    get used() {
      return regions.reduce((sum, { bytes }) => sum + bytes, 0);
    },
    allocate(wanted) {
      const bytes = Math.ceil((wanted + SLACK) / LINE) * LINE;
      let at = 0;
      let index = 0;
      for (const region of regions) {
        if (region.at - at >= bytes) break;
        at = region.at + region.bytes;
        index++;
      }
      reserve(memory, at + bytes);
      const region: Region = {
        at,
        bytes,
        free() {
          const place = regions.indexOf(region);
          if (place >= 0) regions.splice(place, 1);
        },
      };
      regions.splice(index, 0, region);
      return region;
    },
  };
}
