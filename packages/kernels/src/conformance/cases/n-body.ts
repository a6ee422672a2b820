import { encodeField } from '../../kernels/n-body/field.ts';
import { readUnit } from '../../kernels/n-body/params.ts';
import { readBodies } from '../../kernels/n-body/bodies.ts';
import { fieldReference } from '../../kernels/n-body/reference.ts';
import { nBodyRules } from '../../kernels/n-body/rules.ts';
import { requireBlob } from '../../params.ts';
import { decodeNpy } from '../../tensor/npy.ts';
import { toNumbers } from '../../tensor/tensor.ts';
import type { ConformanceCase, ConformanceKernel } from '../case.ts';
import { drawFloats, matrixFile } from '../draw.ts';

/** Bodies in a cube, drawn, with masses from 0 to 1; given, since a sphere is made with logarithms. */
function cube(name: string, bodies: number, targets: number, softening: number): ConformanceCase {
  return {
    name,
    params: { targets, softening },
    inputs() {
      const rows = drawFloats(bodies, bodies * 4).map((value, at) => (at % 4 === 3 ? Math.abs(value) : value));
      return new Map([['bodies', matrixFile('bodies', [bodies, 4], rows)]]);
    },
  };
}

/** Sums of very unlike terms, and of numbers of bodies that no tile divides. */
export const nBodyConformance: ConformanceKernel = {
  rules: nBodyRules,
  cases: [
    cube('two bodies', 2, 2, 0.01),
    cube('257 bodies', 257, 257, 0.01),
    cube('1,021 bodies on 67, close by', 1021, 67, 1e-3),
  ],
  reference({ params, blobs }) {
    const unit = readUnit(params);
    const bodies = readBodies(requireBlob(nBodyRules.manifest, blobs, 'bodies'));
    return encodeField(unit, bodies, fieldReference(bodies, unit.first, unit.targets, unit.softening));
  },
  numbers: (result) => Float64Array.from(toNumbers(decodeNpy('result', result))),
};
