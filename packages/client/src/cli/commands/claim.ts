import { parseArgs } from 'node:util';
import { Address } from '@reckon/protocol/base/ids';
import { tryParse } from '@reckon/protocol/base/parse';
import { formatAmount } from '../../amount.ts';
import { claimReward, tokenBalance } from '../../chain/claim.ts';
import { createChainReader } from '../../chain/relay-chain.ts';
import { walletAddress } from '../../chain/sign-order.ts';
import { openWallet, topUp } from '../../files/wallet.ts';
import { createRelayClient } from '../../relay-client.ts';
import type { Command } from '../command.ts';
import { DEFAULT_RELAY, parsed, parseUrl, usage } from '../usage.ts';

const options = { relay: { type: 'string' } } as const;

/** `reckon claim [address]`: sends the claim of an account, by default the wallet's own. Anybody may send it. */
export const claim: Command = async (args, { env }) => {
  const { values, positionals } = parsed('claim', () => parseArgs({ args, options, allowPositionals: true }));
  if (positionals.length > 1) return usage('Give one address, or none: reckon claim [address]');
  const relay = createRelayClient(parseUrl(values.relay ?? env['RECKON_RELAY'] ?? DEFAULT_RELAY, '--relay'));
  const config = await relay.config();
  const wallet = await openWallet(relay, config, env);
  const given = tryParse(Address, positionals[0]?.toLowerCase() ?? walletAddress(wallet));
  if (!given.ok) return usage(`An address is 0x and 40 hex digits: ${positionals[0]?.slice(0, 60)}`);
  const chain = createChainReader(config, relay.baseUrl);
  const account = await relay.account(given.value);
  if (account.claim !== null) await topUp(relay, config, chain, wallet, 0n); // gas to send it with
  const { tx, gasUsed, amount } = await claimReward({ wallet, chain, config, account });
  const balance = await tokenBalance(chain, config, given.value);
  return {
    json: { account: given.value, tx, gasUsed, amount, balance, token: config.token.symbol },
    lines: [
      `${formatAmount(amount, config.token)} claimed for ${given.value} (${gasUsed} gas).`,
      `It now holds ${formatAmount(balance, config.token)}${config.token.test ? ', test money' : ''}.`,
    ],
  };
};
