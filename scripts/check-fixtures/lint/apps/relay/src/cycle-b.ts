import { first } from './cycle-a.ts';

export const second = () => first;
