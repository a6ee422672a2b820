import { missing } from '@reckon/nowhere/at/all';

export const lost = missing;
