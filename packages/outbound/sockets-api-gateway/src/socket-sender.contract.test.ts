import { socketSenderContract } from '@tenon/testing';
import { startGateway } from './gateway.fixture.js';

socketSenderContract('api gateway', {
  make: async () => {
    const { gateway, sender, targetOf, close } = await startGateway();
    return {
      sender,
      close,
      connect: async () => {
        const id = gateway.connect();
        return {
          target: targetOf(id),
          // The gateway has a message when `send` has answered.
          received: async () => gateway.messagesOf(id),
          leave: async () => {
            gateway.disconnect(id);
          },
        };
      },
    };
  },
});
