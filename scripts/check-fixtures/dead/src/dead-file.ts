export const inDeadFile = 1;
