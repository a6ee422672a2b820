import { title } from '../model/job.ts';
import { one } from './two.ts';

export const upward = title + one;
