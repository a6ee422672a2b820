export * from './cycle-a.ts';
