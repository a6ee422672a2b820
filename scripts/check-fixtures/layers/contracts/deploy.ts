import { figure } from '../bench/figure.ts';

export const deployed = figure;
