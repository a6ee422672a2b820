import { ReckonError } from '@reckon/protocol/base/errors';
import { lockDown } from './lockdown.ts';

/** The first import of a guest's worker: what is imported after it finds the scope as it leaves it. */
const left = lockDown();
if (left.length > 0) throw new ReckonError('UNEXPECTED', { cause: `this browser keeps ${left.join(', ')} in workers` });
