export const title = 'job';
