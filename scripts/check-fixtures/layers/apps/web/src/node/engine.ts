import { shown } from '../dashboard/page.ts';

export const engine = shown;
