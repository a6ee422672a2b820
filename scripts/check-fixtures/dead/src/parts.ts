export const alive = 0;
export const deadExport = 1;
