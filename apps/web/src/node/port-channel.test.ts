import { createChannelPair } from '@reckon/node/testing/memory-channel';
import { acceptChannel } from '@reckon/protocol/testing/channel-acceptance';
import { createPortChannel, lendChannel } from './port-channel.ts';

acceptChannel('a channel lent over a message port', async () => {
  const ports: MessagePort[] = [];
  return {
    async connect() {
      const [pageEnd, far] = createChannelPair();
      const { port1, port2 } = new MessageChannel();
      ports.push(port1, port2);
      lendChannel(pageEnd, port1);
      return { near: createPortChannel(port2), far };
    },
    cleanUp() {
      for (const port of ports) port.close();
    },
  };
});
