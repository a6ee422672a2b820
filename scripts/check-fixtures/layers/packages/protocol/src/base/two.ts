import { upward } from './upward.ts';

export const one = () => upward;
