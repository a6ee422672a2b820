import { shown } from '../../dashboard/page.ts';

export const loader = shown;
