import { relay } from '../apps/relay/src/relay.ts';

export const simulated = relay;
