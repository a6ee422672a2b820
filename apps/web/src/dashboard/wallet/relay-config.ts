import type { RelayConfig } from '@reckon/protocol/wire/http';
import { createContext, useContext } from 'react';

export const RelayConfigContext = createContext<RelayConfig | undefined>(undefined);

/** The relay's settings, below a `WalletProvider`. */
export function useRelayConfig(): RelayConfig {
  const config = useContext(RelayConfigContext);
  if (config === undefined) throw new Error('useRelayConfig needs a WalletProvider above it');
  return config;
}
